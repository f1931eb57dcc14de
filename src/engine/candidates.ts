// Tells which rules of a phase cannot match, before anything of theirs is run.
//
// Rules that look at the same values form a group. At the first rule of a group its values are collected and
// read once for the literals of all rules; the others of the group cost a bit test. A group without a value
// has no match at all, negated or not.

import type { Phase } from '../model/phase.ts';
import type { Instruction, LiteralFilter, Program, TargetGroup } from '../program/program.ts';
import type { TransactionState } from './state.ts';
import { type Element, expandTargets } from './targets.ts';
import type { TransformedValues } from './values.ts';

/** No value to look at: nothing of the group can match. */
const NOTHING: Int32Array = new Int32Array(0);

export class Candidates {
  readonly #program: Program;
  readonly #state: TransactionState;
  readonly #values: TransformedValues;
  /** By group: the rules whose literals occur, NOTHING, or undefined when not yet known. */
  #groups: (Int32Array | undefined)[] = [];
  #filter: LiteralFilter | undefined;
  /** By value: the rules whose literals occur in it. Values recur in many groups. */
  #byValue: Map<string, Int32Array> = new Map();
  readonly #elements: Element[] = [];

  constructor(program: Program, state: TransactionState, values: TransformedValues) {
    this.#program = program;
    this.#state = state;
    this.#values = values;
  }

  start(phase: Phase): void {
    this.#groups = new Array(this.#program.groupCounts[phase]);
    const filter = this.#program.filters[phase];
    if (filter !== this.#filter) this.#byValue = new Map();
    this.#filter = filter;
  }

  /** True when the rule is sure not to match. What ctl took from its targets only makes that surer. */
  excludes({ group, filter }: Instruction): boolean {
    if (group === undefined) return false;
    const bits = this.#groups[group.id] ?? this.#read(group);
    if (bits === NOTHING) return true;
    return filter >= 0 && (bits[filter >> 5]! & (1 << (filter & 31))) === 0;
  }

  #read(group: TargetGroup): Int32Array {
    const elements = this.#elements;
    elements.length = 0;
    expandTargets(group.link, undefined, this.#state, elements);
    let bits = NOTHING;
    if (elements.length > 0) {
      bits = new Int32Array(this.#filter?.words ?? 1);
      if (group.hasFilters) for (const { value } of elements) this.#mark(group, value, bits);
    }
    this.#groups[group.id] = bits;
    return bits;
  }

  #mark({ stages }: TargetGroup, value: string, bits: Int32Array): void {
    let before: string | undefined;
    for (const stage of stages) {
      const form = this.#values.at(stage, value);
      if (form !== before) {
        const found = this.#found(form);
        for (let word = 0; word < bits.length; word++) bits[word]! |= found[word]!;
      }
      before = form;
    }
  }

  #found(value: string): Int32Array {
    let found = this.#byValue.get(value);
    if (found === undefined) {
      const filter = this.#filter as LiteralFilter;
      found = new Int32Array(filter.words);
      filter.mark(value, found);
      this.#byValue.set(value, found);
    }
    return found;
  }
}
