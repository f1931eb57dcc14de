// Reads a text once for many phrases and for a summary of its bytes.
//
// Each phrase has owners, numbered bits. A state of the automaton keeps one row: the owners of all phrases that
// end there, so that a hit costs as many operations as a row has words, however many phrases it is.

import { buildAhoCorasick } from './aho-corasick.ts';
import { buildMachine, buildTrie, firstOutput, type Machine } from './phrase-machine.ts';

/**
 * Adds the owners of every phrase that occurs to `found`, and returns the union of `summary` over all bytes of
 * the text.
 */
export type RowScanner = (text: string, found: Int32Array) => number;

/** Complete rows of transitions for every state; automata that need more are walked in the slower way. */
const MOST_TABLE_BYTES = 8 * 1024 * 1024;
/** Set in a transition to a state in which a phrase ends. Two bytes a transition stay in the processor's cache. */
const ENDS = 0x8000;

/** ASCII letters match in both cases; phrases have theirs in lower case and are not empty. */
export function buildRowScanner(
  phrases: readonly string[],
  owners: readonly (readonly number[])[],
  words: number,
  summary: Int32Array,
  mostTableBytes: number = MOST_TABLE_BYTES,
): RowScanner {
  if (phrases.length === 0) return (text) => summaryOf(text, summary);
  const machine = buildMachine(buildTrie(phrases, true));
  const { classes, classCount: stride, stateCount } = machine;
  if (stateCount > ENDS || stateCount * stride * 2 > mostTableBytes) {
    return slowScanner(phrases, owners, summary, mostTableBytes);
  }
  const { table, rowOf } = buildTables(machine);
  const rows = buildRows(machine, rowOf, owners, words);
  const seen = new Uint32Array(rows.length / words);
  let generation = 0;
  return (text, found) => {
    generation = (generation + 1) >>> 0;
    if (generation === 0) seen.fill(0);
    let bytes = 0;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const byte = text.charCodeAt(at) & 0xff;
      bytes |= summary[byte]!;
      state = table[state * stride + classes[byte]!]!;
      if (state < ENDS) continue;
      state -= ENDS;
      const row = rowOf[state]!;
      if (seen[row] === generation) continue;
      seen[row] = generation;
      for (let word = 0, from = row * words; word < words; word++) {
        found[word]! |= rows[from + word]!;
      }
    }
    return bytes;
  };
}

function summaryOf(text: string, summary: Int32Array): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) bytes |= summary[text.charCodeAt(at) & 0xff]!;
  return bytes;
}

function slowScanner(
  phrases: readonly string[],
  owners: readonly (readonly number[])[],
  summary: Int32Array,
  maxTableBytes: number,
): RowScanner {
  const automaton = buildAhoCorasick(phrases, { caseless: true, maxTableBytes });
  const marked = new Int32Array((phrases.length + 31) >> 5);
  return (text, found) => {
    marked.fill(0);
    automaton.mark(text, marked);
    for (let word = 0; word < marked.length; word++) {
      for (let left = marked[word]!; left !== 0; left &= left - 1) {
        const phrase = word * 32 + 31 - Math.clz32(left & -left);
        for (const bit of owners[phrase]!) found[bit >> 5]! |= 1 << (bit & 31);
      }
    }
    return summaryOf(text, summary);
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
): Int32Array {
  const { phraseAt, output, stateCount } = machine;
  let rowCount = 0;
  for (const row of rowOf) rowCount = Math.max(rowCount, row + 1);
  const rows = new Int32Array(rowCount * words);
  // Shorter suffixes have lower numbers, so their rows are complete by then.
  for (let state = 0; state < stateCount; state++) {
    const row = rowOf[state]!;
    if (row < 0) continue;
    const suffix = output[state]!;
    if (suffix !== 0) {
      const from = rowOf[suffix]! * words;
      rows.copyWithin(row * words, from, from + words);
    }
    const phrase = phraseAt[state]!;
    for (const bit of phrase < 0 ? [] : owners[phrase]!) {
      rows[row * words + (bit >> 5)]! |= 1 << (bit & 31);
    }
  }
  return rows;
}
