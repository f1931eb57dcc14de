// Tells which rules of a phase cannot match, and which values of the others, before anything is run.
//
// The values of a tier's rules are collected and read once; a rule that none of them may match costs a bit test,
// and one that some may match is run on those alone. A rule without a value has no match at all, negated or not.

import type { Phase } from '../model/phase.ts';
import type {
  Instruction,
  PhaseFilter,
  Program,
  TargetGroup,
  ValueSource,
} from '../program/program.ts';
import type { FormRules } from '../program/shortcuts.ts';
import type { Tier } from '../program/tiers.ts';
import type { TransactionState } from './state.ts';
import { type Element, expandTargets, keptElements } from './targets.ts';
import type { Value } from './value.ts';
import { mayBeKept } from './value-cache.ts';
import type { Values } from './values.ts';

const NO_RULES = new Int32Array(0);

/** Whether one of the rules is not found yet. */
function isWanted(wanted: Int32Array, found: Int32Array): boolean {
  for (let word = 0; word < wanted.length; word++) {
    if ((wanted[word]! & ~found[word]!) !== 0) return true;
  }
  return false;
}

export class Candidates {
  readonly #program: Program;
  readonly #state: TransactionState;
  readonly #values: Values;
  #phase: PhaseFilter | undefined;
  /** Words of the phase's rules: those that some value may match, of tiers that are read. */
  #rules: Int32Array = NO_RULES;
  #isRead: boolean[] = [];
  /** By source; `known` is set in all of them. */
  #sources: (readonly Element[] | undefined)[] = [];

  constructor(program: Program, state: TransactionState, values: Values) {
    this.#program = program;
    this.#state = state;
    this.#values = values;
  }

  start(phase: Phase): void {
    this.#phase = this.#program.filters[phase];
    if (this.#phase === undefined) return;
    const { words, tiers, sourceCount } = this.#phase;
    this.#rules = new Int32Array(words);
    this.#isRead = new Array<boolean>(tiers.length).fill(false);
    this.#sources = new Array(sourceCount);
  }

  /** True when the rule is sure not to match. What ctl took from its targets only makes that surer. */
  excludes({ tier, bit }: Instruction): boolean {
    if (tier < 0) return false;
    const phase = this.#phase as PhaseFilter;
    if (this.#isRead[tier] === false) this.#read(phase.tiers[tier] as Tier, phase);
    return (this.#rules[(bit >> 5) - phase.fromWord]! & (1 << (bit & 31))) === 0;
  }

  /** The elements that the starter of a grouped rule may match, in order. */
  collect({ sources, stages }: TargetGroup, bit: number): readonly Element[] {
    const phase = this.#phase as PhaseFilter;
    const elements: Element[] = [];
    const word = bit >> 5;
    const mask = 1 << (bit & 31);
    for (const source of sources) {
      const values = this.#valuesOf(source);
      for (let at = 0; at < values.length; at++) {
        const element = values[at] as Element;
        for (const stage of stages) {
          const form = this.#values.form(element.known as Value, stage);
          if ((this.#values.candidates(form, phase.filter)[word]! & mask) === 0) continue;
          elements.push(element);
          break;
        }
      }
    }
    return elements;
  }

  /** For forms of the values of a grouped rule. */
  mayMatch({ bit }: Instruction, form: Value): boolean {
    const rules = this.#values.candidates(form, (this.#phase as PhaseFilter).filter);
    return (rules[bit >> 5]! & (1 << (bit & 31))) !== 0;
  }

  /** The starter was run on the form and did not match it. */
  ruleOut({ bit, isPure }: Instruction, form: Value): void {
    if (!isPure) return;
    const rules = this.#values.candidates(form, (this.#phase as PhaseFilter).filter);
    rules[bit >> 5]! &= ~(1 << (bit & 31));
  }

  #read({ id, sources }: Tier, { filter, fromWord, words }: PhaseFilter): void {
    const values = this.#values;
    const found = this.#rules;
    for (const tierSource of sources) {
      const elements = this.#valuesOf(tierSource.source);
      // By number: lists that are frozen are walked slowly otherwise.
      for (let at = 0; at < elements.length; at++) {
        const value = (elements[at] as Element).known as Value;
        const rules = values.candidates(value, filter);
        const { same, altered } = values.shortcut(value).planOf(tierSource, filter, fromWord);
        for (let word = 0; word < words; word++)
          found[word]! |= rules[fromWord + word]! & same[word]!;
        for (let place = 0; place < altered.length; place++) {
          const { stage, rules: wanted, minBytes, shortest } = altered[place] as FormRules;
          if (value.text.length < shortest || !isWanted(wanted, found)) continue;
          const form = values.form(value, stage);
          if (form.text.length < minBytes) continue;
          const candidates = values.candidates(form, filter);
          for (let word = 0; word < words; word++) {
            found[word]! |= candidates[fromWord + word]! & wanted[word]!;
          }
        }
      }
    }
    this.#isRead[id] = true;
  }

  #valuesOf(source: ValueSource): readonly Element[] {
    const found = this.#sources[source.id];
    if (found !== undefined) return found;
    const elements = this.#collectValues(source);
    this.#sources[source.id] = elements;
    return elements;
  }

  #collectValues({ link, whole }: ValueSource): readonly Element[] {
    // Most exclusions take nothing from most requests.
    if (whole !== undefined) return keptElements(this.#valuesOf(whole), link, this.#state);
    const elements = expandTargets(link, undefined, this.#state);
    for (let at = 0; at < elements.length; at++) {
      const element = elements[at] as Element;
      const { value, target, pair } = element;
      element.known = mayBeKept(target, pair?.key)
        ? this.#values.ofRecurring(value)
        : this.#values.of(value);
    }
    return elements;
  }
}
