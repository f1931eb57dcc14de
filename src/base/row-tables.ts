// The tables of a row scanner: transitions, the owners of the phrases that end in a state, and the longer texts around
// them.

import { fromByteString } from './bytes.ts';
import { firstOutput, type Machine } from './phrase-machine.ts';

/**
 * An owner of a phrase where that is part of a longer text. To compare has its limits: crafted texts are taken to
 * hold what they hold the phrases of.
 */
export interface WholeText {
  /** By number. */
  readonly phrase: number;
  readonly text: string;
  /** Where the phrase begins in the text. */
  readonly offset: number;
  readonly owner: number;
}

/** What follows from the phrases and their owners; null is for those whose tables would be too large. */
export interface RowTables {
  readonly classes: Uint8Array;
  readonly stride: number;
  readonly table: Uint16Array;
  readonly rowOf: Int32Array;
  /** By row and one more: where it begins in the two lists of words with owners, and of those owners. */
  readonly ownersFrom: Int32Array;
  readonly ownerWords: Uint16Array;
  readonly ownerBits: Int32Array;
  /** By row and one more: where its whole texts begin in `wholes`, a record of `WHOLE` numbers for each. */
  readonly wholesFrom: Int32Array;
  readonly wholes: Int32Array;
  /** The bytes of whole texts. */
  readonly texts: Uint8Array;
}

/** Set in a transition to a state in which a phrase ends. Two bytes a transition stay in the processor's cache. */
export const ENDS_BIT = 15;
export const ENDS: number = 1 << ENDS_BIT;

/** What is known of a whole text: its owner, how many of its bytes end with the phrase, and its place in `texts`. */
export const WHOLE = 6;
export const OWNER = 0;
export const BACK = 1;
export const START = 2;
export const LENGTH = 3;
/** A byte beside the phrase: where it is, from the end of the phrase on, and what. */
export const PROBE = 4;
export const PROBED = 5;

export function buildRowTables(
  machine: Machine,
  phrases: readonly string[],
  owners: readonly (readonly number[])[],
  words: number,
  wholes: readonly WholeText[],
): RowTables {
  const { classes, classCount: stride } = machine;
  const { table, rowOf } = buildTables(machine);
  return {
    classes,
    stride,
    table,
    rowOf,
    ...buildRows(machine, rowOf, owners, words),
    ...buildWholes(machine, rowOf, phrases, wholes),
  };
}

interface Tables {
  /** Transitions between states, a row of classes for each; with `ENDS` to one in which a phrase ends. */
  readonly table: Uint16Array;
  /** By state: its row of owners, or -1. */
  readonly rowOf: Int32Array;
}

function buildTables(machine: Machine): Tables {
  const { classCount: stride, stateCount, symbol, childFrom, failure } = machine;
  const table = new Uint16Array(stateCount * stride);
  const rowOf = new Int32Array(stateCount).fill(-1);
  let rowCount = 0;
  for (let state = 0; state < stateCount; state++) {
    if (firstOutput(machine, state) !== 0) rowOf[state] = rowCount++;
  }
  for (let state = 0; state < stateCount; state++) {
    const row = state * stride;
    const failureRow = failure[state]! * stride;
    if (state !== 0) table.copyWithin(row, failureRow, failureRow + stride);
    const end = childFrom[state + 1]!;
    for (let child = childFrom[state]!; child < end; child++) {
      table[row + symbol[child]!] = rowOf[child]! >= 0 ? child + ENDS : child;
    }
  }
  return { table, rowOf };
}

function buildRows(
  machine: Machine,
  rowOf: Int32Array,
  owners: readonly (readonly number[])[],
  words: number,
): Pick<RowTables, 'ownersFrom' | 'ownerWords' | 'ownerBits'> {
  const { phraseAt, output, stateCount } = machine;
  const rows: number[] = [];
  const from = [0];
  const ownerWords: number[] = [];
  const ownerBits: number[] = [];
  // Shorter suffixes have lower numbers, so their rows are complete by then.
  for (let state = 0; state < stateCount; state++) {
    if (rowOf[state]! < 0) continue;
    const suffix = output[state]!;
    const row = rows.length;
    const shorter = suffix === 0 ? -1 : rowOf[suffix]! * words;
    for (let word = 0; word < words; word++) rows.push(shorter < 0 ? 0 : rows[shorter + word]!);
    const phrase = phraseAt[state]!;
    if (phrase >= 0) for (const bit of owners[phrase]!) rows[row + (bit >> 5)]! |= 1 << (bit & 31);
    for (let word = 0; word < words; word++) {
      if (rows[row + word] === 0) continue;
      ownerWords.push(word);
      ownerBits.push(rows[row + word]!);
    }
    from.push(ownerWords.length);
  }
  return {
    ownersFrom: Int32Array.from(from),
    ownerWords: Uint16Array.from(ownerWords),
    ownerBits: Int32Array.from(ownerBits),
  };
}

function buildWholes(
  { phraseAt, output, stateCount }: Machine,
  rowOf: Int32Array,
  phrases: readonly string[],
  wholes: readonly WholeText[],
): Pick<RowTables, 'wholesFrom' | 'wholes' | 'texts'> {
  // By phrase: the first of its whole texts, and by whole text: the next one, from 1 on; 0 for none.
  const first = new Int32Array(phrases.length);
  const next = new Int32Array(wholes.length + 1);
  const starts = new Map<string, number>();
  let texts = '';
  for (let at = wholes.length; at > 0; at--) {
    const { phrase, text } = wholes[at - 1] as WholeText;
    next[at] = first[phrase]!;
    first[phrase] = at;
    if (starts.has(text)) continue;
    starts.set(text, texts.length);
    texts += text;
  }
  const wholesFrom = [0];
  const all: number[] = [];
  // Rows are numbered as their states are.
  for (let state = 0; state < stateCount; state++) {
    if (rowOf[state]! < 0) continue;
    for (let at = state; at !== 0; at = output[at]!) {
      const ended = phraseAt[at]!;
      for (let one = ended < 0 ? 0 : first[ended]!; one !== 0; one = next[one]!) {
        const { phrase, text, offset, owner } = wholes[one - 1] as WholeText;
        const end = offset + (phrases[phrase] as string).length;
        // Most texts go on in another way right beside the phrase.
        const behind = Math.min(end, text.length - 1);
        const probe = offset > 0 ? offset - 1 : behind;
        const start = starts.get(text) as number;
        all.push(owner, end, start, text.length, probe - end, text.charCodeAt(probe) & 0xff);
      }
    }
    wholesFrom.push(all.length);
  }
  return {
    wholesFrom: Int32Array.from(wholesFrom),
    wholes: Int32Array.from(all),
    texts: Uint8Array.from(fromByteString(texts)),
  };
}
