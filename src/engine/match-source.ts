// What a match was made of, kept for the log lines that tell where in the request it lies.
//
// References and nothing else: what they lead to, the name too, is computed when somebody asks. A rule may match in
// each of a thousand values, and only the last of them is written about.

import type { Behaviour } from '../model/compatibility.ts';
import type { MatchedVariable, TransactionView } from '../model/view.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import { type Element, elementName, nameIn } from './targets.ts';

export interface MatchSource {
  readonly element: Element;
  readonly link: RuleLink;
  /** The operator's, with its macros expanded. */
  readonly argument: string;
}

export interface NotedMatch extends MatchedVariable {
  /** Undefined for SecAction, and where the reference interpreter runs. */
  readonly source?: MatchSource | undefined;
}

/** What SecAction notes, with the client's address: ModSecurity v2 runs it as a rule over that variable. */
export const SECACTION_NAME = 'REMOTE_ADDR';

/** Its own source: one object for each match. Outlives the transaction where a run of rules is kept. */
class ElementMatch implements NotedMatch, MatchSource {
  readonly value: string;
  readonly element: Element;
  readonly link: RuleLink;
  readonly argument: string;
  #name: string | Behaviour;

  constructor(
    name: string | Behaviour,
    value: string,
    element: Element,
    link: RuleLink,
    argument: string,
  ) {
    this.#name = name;
    this.value = value;
    this.element = element;
    this.link = link;
    this.argument = argument;
  }

  get name(): string {
    if (typeof this.#name !== 'string') this.#name = nameIn(this.element, this.#name);
    return this.#name;
  }

  get source(): MatchSource {
    return this;
  }
}

/** `value` is the form of the element's that the operator saw. */
export function elementMatch(
  element: Element,
  value: string,
  link: RuleLink,
  argument: string,
  view: TransactionView,
): NotedMatch {
  const { behaviour } = view.settings;
  const name = behaviour.persistentNames === 'keyed' ? elementName(element, view) : behaviour;
  return new ElementMatch(name, value, element, link, argument);
}
