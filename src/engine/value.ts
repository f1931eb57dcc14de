// One value as the machine sees it. All that is kept here follows from its bytes, the rules and the settings.

import type { Shortcut } from '../program/shortcuts.ts';

/** So many are found as fast in a list, and an array by number would be as long as the highest. */
const FEW = 8;

/** What became of a value, by number. Most values have a few, attacks have one for every pipeline. */
export class Derivations {
  readonly #ids: number[] = [];
  readonly #values: Value[] = [];
  #byId: (Value | undefined)[] | undefined = undefined;

  get(id: number): Value | undefined {
    if (this.#byId !== undefined) return this.#byId[id];
    const at = this.#ids.indexOf(id);
    return at < 0 ? undefined : this.#values[at];
  }

  set(id: number, value: Value): void {
    if (this.#byId !== undefined) {
      this.#byId[id] = value;
      return;
    }
    if (this.#ids.length < FEW) {
      this.#ids.push(id);
      this.#values.push(value);
      return;
    }
    const byId: (Value | undefined)[] = [];
    for (let at = 0; at < this.#ids.length; at++) byId[this.#ids[at]!] = this.#values[at];
    byId[id] = value;
    this.#byId = byId;
  }
}

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
  /** By filter: the rules whose starters may match the value; fewer as they are tried. */
  readonly candidates: (number[] | undefined)[] = [undefined, undefined];

  /** By filter, for long values: the rules whose literals occur, or that have none. */
  found: (Int32Array | undefined)[] | undefined = undefined;
  /** The value that this one is in another case. */
  inOtherCase: Value | undefined = undefined;

  /** True for one that outlives the transaction, with its forms. */
  readonly isKept: boolean;

  constructor(text: string, isKept: boolean) {
    this.text = text;
    this.isKept = isKept;
  }
}
