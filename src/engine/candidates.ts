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
import type { Sameness } from '../program/shortcuts.ts';
import type { Tier } from '../program/tiers.ts';
import type { TransactionState } from './state.ts';
import { type Element, expandTargets, keptElements } from './targets.ts';
import type { Value } from './value.ts';
import { mayBeKept } from './value-cache.ts';
import type { Values } from './values.ts';

/** Values of one source that the same pipelines leave as they are. */
interface Kind {
  readonly sameness: Sameness;
  readonly values: Value[];
  /** Words of the phase's rules: those that one of the values as it is may match. */
  readonly rules: number[];
}

interface SourceValues {
  /** `known` is set in all of them. */
  readonly elements: readonly Element[];
  readonly kinds: readonly Kind[];
}

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
  #sources: (SourceValues | undefined)[] = [];

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
      for (const element of this.#valuesOf(source, phase).elements) {
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

  #read({ id, sources }: Tier, phase: PhaseFilter): void {
    const { filter, fromWord, words } = phase;
    const found = this.#rules;
    for (const tierSource of sources) {
      for (const { sameness, values, rules } of this.#valuesOf(tierSource.source, phase).kinds) {
        const { same, altered } = sameness.planOf(tierSource);
        for (let word = 0; word < words; word++) found[word]! |= rules[word]! & same[word]!;
        for (const { stage, rules: wanted, minBytes, shortest } of altered) {
          for (const value of values) {
            if (value.text.length < shortest) continue;
            if (!isWanted(wanted, found)) break;
            const form = this.#values.form(value, stage);
            if (form.text.length < minBytes) continue;
            const candidates = this.#values.candidates(form, filter);
            for (let word = 0; word < words; word++) {
              found[word]! |= candidates[fromWord + word]! & wanted[word]!;
            }
          }
        }
      }
    }
    this.#isRead[id] = true;
  }

  #valuesOf(source: ValueSource, phase: PhaseFilter): SourceValues {
    const found = this.#sources[source.id];
    if (found !== undefined) return found;
    const values = this.#collectValues(source, phase);
    this.#sources[source.id] = values;
    return values;
  }

  #collectValues({ link, whole }: ValueSource, phase: PhaseFilter): SourceValues {
    if (whole === undefined) {
      return this.#lookAt(expandTargets(link, undefined, this.#state), phase);
    }
    // Most exclusions take nothing from most requests.
    const all = this.#valuesOf(whole, phase);
    const elements = keptElements(all.elements, link, this.#state);
    return elements === all.elements ? all : this.#lookAt(elements, phase);
  }

  #lookAt(elements: readonly Element[], { filter, fromWord, words }: PhaseFilter): SourceValues {
    const kinds: Kind[] = [];
    for (const element of elements) {
      const { value, target, pair } = element;
      const known =
        element.known ??
        (mayBeKept(target, pair?.key) ? this.#values.ofRecurring(value) : this.#values.of(value));
      element.known = known;
      const rules = this.#values.candidates(known, filter);
      const { sameness } = this.#values.shortcut(known);
      const kind = kinds.find((one) => one.sameness === sameness);
      if (kind === undefined) {
        kinds.push({ sameness, values: [known], rules: rules.slice(fromWord, fromWord + words) });
        continue;
      }
      kind.values.push(known);
      for (let word = 0; word < words; word++) kind.rules[word]! |= rules[fromWord + word]!;
    }
    return { elements, kinds };
  }
}
