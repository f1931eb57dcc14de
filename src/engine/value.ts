// One value as the machine sees it. All that is kept here follows from its bytes, the rules and the settings.
//
// Some values live as long as the cache, most as long as a transaction. What V8 sees live long where a literal
// stands it makes old from the start, for short lives as well, and all that these refer to grows old with them. So
// what is made for both is made by constructors, of which V8 does not think so.

import type { ValueFilter } from '../program/program.ts';
import type { Shortcut } from '../program/shortcuts.ts';
import type { RulePairs } from './rule-pairs.ts';

/** So many are found as fast in a list, and an array by number would be as long as the highest. */
const FEW = 8;

class Numbered<T> {
  readonly id: number;
  readonly item: T;
  readonly before: Numbered<T> | undefined;

  constructor(id: number, item: T, before: Numbered<T> | undefined) {
    this.id = id;
    this.item = item;
    this.before = before;
  }
}

/** Items by number. Most values have a few of each kind, attacks have one for every pipeline. */
export class Sparse<T> {
  #last: Numbered<T> | undefined = undefined;
  #count = 0;
  #byId: (T | undefined)[] | undefined = undefined;

  get(id: number): T | undefined {
    if (this.#byId !== undefined) return this.#byId[id];
    for (let at = this.#last; at !== undefined; at = at.before) if (at.id === id) return at.item;
    return undefined;
  }

  /** Once for each number. */
  set(id: number, item: T): void {
    if (this.#byId !== undefined) {
      this.#byId[id] = item;
      return;
    }
    this.#last = new Numbered(id, item, this.#last);
    this.#count++;
    if (this.#count <= FEW) return;
    const byId: (T | undefined)[] = [];
    for (let at: Numbered<T> | undefined = this.#last; at !== undefined; at = at.before) {
      byId[at.id] = at.item;
    }
    this.#byId = byId;
    this.#last = undefined;
  }
}

/** What came of reading a value that is kept. */
export interface Reading {
  rules: RulePairs;
  uses: number;
}

/** A value, raw or transformed; values of the same bytes are one. */
export class Value {
  readonly text: string;
  /** The kinds of its bytes (program/byte-classes.ts); -1 when not looked at yet. */
  classes = -1;
  /** Where the value is sure to stay as it is. */
  shortcut: Shortcut | undefined = undefined;
  /** By pipeline node, where it is not. */
  forms: Sparse<Value> | undefined = undefined;
  /** By transformation (PipelineNode.step): what it makes of the value. */
  steps: Sparse<Value> | undefined = undefined;
  #foundOfRequest: readonly number[] | undefined = undefined;
  #foundOfResponse: readonly number[] | undefined = undefined;
  #ruledOutOfRequest: number[] | undefined = undefined;
  #ruledOutOfResponse: number[] | undefined = undefined;

  /** By source of a tier, for values that are kept: which of its rules may match, where some may. */
  readings: Sparse<Reading> | undefined = undefined;
  /** Bits by source of a tier, for values that are kept: set where none may. */
  hopeless: number[] | undefined = undefined;

  /** True for one that outlives the transaction, with its forms. */
  readonly isKept: boolean;

  constructor(text: string, isKept: boolean) {
    this.text = text;
    this.isKept = isKept;
  }

  /** The rules whose literals occur, in any case, or that have none. Not to be written to. */
  foundFor({ id }: ValueFilter): readonly number[] | undefined {
    return id === 0 ? this.#foundOfRequest : this.#foundOfResponse;
  }

  setFound({ id }: ValueFilter, found: readonly number[]): void {
    if (id === 0) this.#foundOfRequest = found;
    else this.#foundOfResponse = found;
  }

  /** The rules that were tried, and do not match the value. */
  ruledOutFor({ id }: ValueFilter): readonly number[] | undefined {
    return id === 0 ? this.#ruledOutOfRequest : this.#ruledOutOfResponse;
  }

  ruleOut({ id, none }: ValueFilter, bit: number): void {
    let ruledOut = id === 0 ? this.#ruledOutOfRequest : this.#ruledOutOfResponse;
    if (ruledOut === undefined) {
      ruledOut = none.slice();
      if (id === 0) this.#ruledOutOfRequest = ruledOut;
      else this.#ruledOutOfResponse = ruledOut;
    }
    ruledOut[bit >> 5]! |= 1 << (bit & 31);
  }

  /** The other is the same but for the case of letters, so it holds the same literals. */
  shareFound(other: Value): void {
    this.#foundOfRequest ??= other.#foundOfRequest;
    this.#foundOfResponse ??= other.#foundOfResponse;
  }
}
