// One value as the machine sees it. All that is kept here follows from its bytes, the rules and the settings.

import type { Shortcut } from '../program/shortcuts.ts';

/** So many are found as fast in a list, and an array by number would be as long as the highest. */
const FEW = 8;

interface Derivation {
  readonly id: number;
  readonly value: Value;
  readonly before: Derivation | undefined;
}

/** What became of a value, by number. Most values have a few, attacks have one for every pipeline. */
export class Derivations {
  #last: Derivation | undefined = undefined;
  #count = 0;
  #byId: (Value | undefined)[] | undefined = undefined;

  get(id: number): Value | undefined {
    if (this.#byId !== undefined) return this.#byId[id];
    for (let at = this.#last; at !== undefined; at = at.before) if (at.id === id) return at.value;
    return undefined;
  }

  /** Once for each number. */
  set(id: number, value: Value): void {
    if (this.#byId !== undefined) {
      this.#byId[id] = value;
      return;
    }
    this.#last = { id, value, before: this.#last };
    this.#count++;
    if (this.#count <= FEW) return;
    const byId: (Value | undefined)[] = [];
    for (let at: Derivation | undefined = this.#last; at !== undefined; at = at.before) {
      byId[at.id] = at.value;
    }
    this.#byId = byId;
    this.#last = undefined;
  }
}

/** What came of reading a value that is kept. */
export interface Reading {
  readonly rules: RulePairs;
  uses: number;
}

/** Rules that may match a value: a word of the phase's rules and its bits, and so on. */
export type RulePairs = readonly number[];

/** A value, raw or transformed; values of the same bytes are one. */
export class Value {
  readonly text: string;
  /** The kinds of its bytes (program/byte-classes.ts); -1 when not looked at yet. */
  classes = -1;
  /** Where the value is sure to stay as it is. */
  shortcut: Shortcut | undefined = undefined;
  /** By pipeline node, where it is not. */
  forms: Derivations | undefined = undefined;
  /** By transformation (PipelineNode.step): what it makes of the value. */
  steps: Derivations | undefined = undefined;
  /** By filter: the rules whose literals occur, in any case, or that have none. Not to be written to. */
  readonly found: (readonly number[] | undefined)[] = [undefined, undefined];
  /** By filter: the rules that were tried, and do not match the value. */
  ruledOut: (number[] | undefined)[] | undefined = undefined;

  /** By source of a tier, for values that are kept; null where it has been asked once. */
  readings: (Reading | null | undefined)[] | undefined = undefined;

  /** True for one that outlives the transaction, with its forms. */
  readonly isKept: boolean;

  constructor(text: string, isKept: boolean) {
    this.text = text;
    this.isKept = isKept;
  }
}
