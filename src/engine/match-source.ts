// What a match was made of, kept for the log lines that tell where in the request it lies.
//
// Three references for each match and nothing else: what they lead to is computed when such a line is written.

import type { MatchedVariable } from '../model/view.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import type { Element } from './targets.ts';

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
