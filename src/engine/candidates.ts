// Tells which rules of a phase cannot match, and which values of the others, before anything is run.
//
// Rules that look at the same values form a group. Its values are collected and read once; a rule that none of
// them may match costs a bit test, and one that some may match is run on those alone. A group without a value
// has no match at all, negated or not.

import type { Phase } from '../model/phase.ts';
import type { Instruction, Program, TargetGroup, ValueSource } from '../program/program.ts';
import type { Unchanged } from '../program/shortcuts.ts';
import type { TransactionState } from './state.ts';
import { type Element, expandTargets, keptElements } from './targets.ts';
import type { Value } from './value.ts';
import { mayBeKept } from './value-cache.ts';
import type { Values } from './values.ts';

/** Values of one source that the same pipelines leave as they are. */
interface Kind {
  readonly unchanged: Unchanged;
  readonly values: Value[];
  /** The rules that one of the values as it is may match. */
  readonly rules: number[];
}

interface SourceValues {
  /** `known` is set in all of them. */
  readonly elements: readonly Element[];
  readonly kinds: readonly Kind[];
}

export class Candidates {
  readonly #program: Program;
  readonly #state: TransactionState;
  readonly #values: Values;
  #phase: Phase = 1;
  #words = 0;
  /** By group, `words` each: the rules that some value may match. Read once `#isRead`. */
  #groups: number[] = [];
  #isRead: boolean[] = [];
  #sources: (SourceValues | undefined)[] = [];

  constructor(program: Program, state: TransactionState, values: Values) {
    this.#program = program;
    this.#state = state;
    this.#values = values;
  }

  start(phase: Phase): void {
    this.#phase = phase;
    this.#words = this.#program.filters[phase]?.words ?? 0;
    if (this.#words === 0) return;
    this.#groups = new Array<number>(this.#program.groupCounts[phase] * this.#words).fill(0);
    this.#isRead = new Array<boolean>(this.#program.groupCounts[phase]).fill(false);
    this.#sources = new Array(this.#program.sourceCounts[phase]);
  }

  /** True when the rule is sure not to match. What ctl took from its targets only makes that surer. */
  excludes({ group, bit }: Instruction): boolean {
    if (group === undefined) return false;
    if (this.#isRead[group.id] === false) this.#read(group);
    return (this.#groups[group.id * this.#words + (bit >> 5)]! & (1 << (bit & 31))) === 0;
  }

  /** The elements that the starter of a grouped rule may match, in order. */
  collect({ sources, stages }: TargetGroup, bit: number): readonly Element[] {
    const elements: Element[] = [];
    const word = bit >> 5;
    const mask = 1 << (bit & 31);
    for (const source of sources) {
      for (const element of this.#valuesOf(source).elements) {
        for (const stage of stages) {
          const form = this.#values.form(element.known as Value, stage);
          if ((this.#values.candidates(form, this.#phase)[word]! & mask) === 0) continue;
          elements.push(element);
          break;
        }
      }
    }
    return elements;
  }

  /** For forms of the values of a grouped rule. */
  mayMatch({ bit }: Instruction, form: Value): boolean {
    const rules = this.#values.candidates(form, this.#phase);
    return (rules[bit >> 5]! & (1 << (bit & 31))) !== 0;
  }

  /** The starter was run on the form and did not match it. */
  ruleOut({ bit, isPure }: Instruction, form: Value): void {
    if (isPure) this.#values.candidates(form, this.#phase)[bit >> 5]! &= ~(1 << (bit & 31));
  }

  #read({ id, sources, stages }: TargetGroup): void {
    const words = this.#words;
    const from = id * words;
    const groups = this.#groups;
    for (const source of sources) {
      for (const { unchanged, values, rules } of this.#valuesOf(source).kinds) {
        for (const stage of stages) {
          if (unchanged[stage.id] === 1) {
            for (let word = 0; word < words; word++) groups[from + word]! |= rules[word]!;
          } else for (const value of values) this.#add(this.#values.form(value, stage), from);
        }
      }
    }
    this.#isRead[id] = true;
  }

  #add(form: Value, from: number): void {
    const rules = this.#values.candidates(form, this.#phase);
    for (let word = 0; word < rules.length; word++) this.#groups[from + word]! |= rules[word]!;
  }

  #valuesOf(source: ValueSource): SourceValues {
    const found = this.#sources[source.id];
    if (found !== undefined) return found;
    const values = this.#collectValues(source);
    this.#sources[source.id] = values;
    return values;
  }

  #collectValues({ link, whole }: ValueSource): SourceValues {
    if (whole === undefined) return this.#lookAt(expandTargets(link, undefined, this.#state));
    // Most exclusions take nothing from most requests.
    const all = this.#valuesOf(whole);
    const elements = keptElements(all.elements, link, this.#state);
    return elements === all.elements ? all : this.#lookAt(elements);
  }

  #lookAt(elements: readonly Element[]): SourceValues {
    const kinds: Kind[] = [];
    for (const element of elements) {
      const { value, target, pair } = element;
      const known =
        element.known ??
        (mayBeKept(target, pair?.key) ? this.#values.ofRecurring(value) : this.#values.of(value));
      element.known = known;
      const rules = this.#values.candidates(known, this.#phase);
      const unchanged = this.#values.unchanged(known);
      const kind = kinds.find((one) => one.unchanged === unchanged);
      if (kind === undefined) {
        kinds.push({ unchanged, values: [known], rules: [...rules] });
        continue;
      }
      kind.values.push(known);
      for (let word = 0; word < rules.length; word++) kind.rules[word]! |= rules[word]!;
    }
    return { elements, kinds };
  }
}
