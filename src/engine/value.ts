// One value as the machine sees it. All that is kept here follows from its bytes, the rules and the settings.

import type { Shortcut } from '../program/shortcuts.ts';

/** What became of a value in one way. A list of a few: an array by number would be as long as the highest. */
export class Derived {
  readonly id: number;
  readonly value: Value;
  readonly next: Derived | undefined;

  constructor(id: number, value: Value, next: Derived | undefined) {
    this.id = id;
    this.value = value;
    this.next = next;
  }
}

export function derived(list: Derived | undefined, id: number): Value | undefined {
  for (let one = list; one !== undefined; one = one.next) if (one.id === id) return one.value;
  return undefined;
}

/** A value, raw or transformed; values of the same bytes are one. */
export class Value {
  readonly text: string;
  /** The kinds of its bytes (program/byte-classes.ts); -1 when not looked at yet. */
  classes = -1;
  /** Where the value is sure to stay as it is. */
  shortcut: Shortcut | undefined = undefined;
  /** By pipeline node, where it is not. */
  forms: Derived | undefined = undefined;
  /** By transformation (PipelineNode.step): what it makes of the value. */
  steps: Derived | undefined = undefined;
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
