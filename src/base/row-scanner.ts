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
export type RowScanner = (text: string, found: number[]) => number;

/** What follows from the phrases and their owners; null is for those whose tables would be too large. */
export interface RowTables {
  readonly classes: Uint8Array;
  readonly stride: number;
  readonly table: Uint16Array;
  readonly rowOf: Int32Array;
  readonly rows: Int32Array;
}

/** Complete rows of transitions for every state; automata that need more are walked in the slower way. */
const MOST_TABLE_BYTES = 8 * 1024 * 1024;
/** Set in a transition to a state in which a phrase ends. Two bytes a transition stay in the processor's cache. */
const ENDS_BIT = 15;
const ENDS = 1 << ENDS_BIT;

/**
 * Long texts are read at four places at once: a step waits for the one before it, and the processor has time for
 * three more.
 */
const LANES = 4;
const LANES_WORTH = 128;
/** So many bytes of a long text are copied at a time; bytes of a string cost more to reach. */
const CHUNK = 1 << 15;

/** ASCII letters match in both cases; phrases have theirs in lower case and are not empty. */
export function buildRowScanner(
  phrases: readonly string[],
  owners: readonly (readonly number[])[],
  words: number,
  summary: Int32Array,
  mostTableBytes: number = MOST_TABLE_BYTES,
  recall: (make: () => RowTables | null) => RowTables | null = (make) => make(),
): RowScanner {
  if (phrases.length === 0) return (text) => summaryOf(text, summary);
  const tables = recall(() => {
    const machine = buildMachine(buildTrie(phrases, true));
    const { classes, classCount: stride, stateCount } = machine;
    if (stateCount > ENDS || stateCount * stride * 2 > mostTableBytes) return null;
    const { table, rowOf } = buildTables(machine);
    return { classes, stride, table, rowOf, rows: buildRows(machine, rowOf, owners, words) };
  });
  if (tables === null) return slowScanner(phrases, owners, summary, mostTableBytes);
  const lead = phrases.reduce((most, { length }) => Math.max(most, length), 0) - 1;
  return fastScanner(tables, words, summary, lead);
}

/** A function of its own: what it returns would keep the phrases and their owners, which are in the tables. */
function fastScanner(
  { classes, stride, table, rowOf, rows }: RowTables,
  words: number,
  summary: Int32Array,
  lead: number,
): RowScanner {
  const walk = { table, stride, classes, summary };
  const seen = new Uint32Array(rows.length / words);
  let generation = 0;
  const scratch = Buffer.alloc(lead + CHUNK);
  const hits = new Uint16Array(lead + CHUNK + 1);

  return (text, found) => {
    generation = (generation + 1) >>> 0;
    if (generation === 0) seen.fill(0);
    let bytes = 0;
    if (text.length >= LANES_WORTH) {
      for (let at = 0; at < text.length; at += CHUNK) {
        const start = Math.max(0, at - lead);
        const part = text.length <= CHUNK ? text : text.slice(start, at + CHUNK);
        const read = readChunk(
          walk,
          scratch,
          scratch.write(part, 'latin1'),
          at - start,
          lead,
          hits,
        );
        bytes |= read.bytes;
        for (let hit = 0; hit < read.hits; hit++) note(hits[hit]! & ~ENDS, found);
      }
      return bytes;
    }
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const byte = text.charCodeAt(at) & 0xff;
      bytes |= summary[byte]!;
      state = table[state * stride + classes[byte]!]!;
      if (state < ENDS) continue;
      state -= ENDS;
      note(state, found);
    }
    return bytes;
  };

  function note(state: number, found: number[]): void {
    const row = rowOf[state]!;
    if (seen[row] === generation) return;
    seen[row] = generation;
    for (let word = 0, from = row * words; word < words; word++) {
      found[word]! |= rows[from + word]!;
    }
  }
}

interface Walk {
  readonly table: Uint16Array;
  readonly stride: number;
  readonly classes: Uint8Array;
  readonly summary: Int32Array;
}

/**
 * Reads `length` bytes of which the first `known` were read before and only lead to a state. Hits are written down
 * without a branch: where phrases end is what the processor cannot guess.
 */
function readChunk(
  { table, stride, classes, summary }: Walk,
  scratch: Uint8Array,
  length: number,
  known: number,
  lead: number,
  hits: Uint16Array,
): { readonly bytes: number; readonly hits: number } {
  // A phrase that ends behind `end` begins at most `lead` bytes before it.
  const stateBefore = (end: number): number => {
    let state = 0;
    for (let at = Math.max(0, end - lead); at < end; at++) {
      state = table[(state & ~ENDS) * stride + classes[scratch[at]!]!]!;
    }
    return state & ~ENDS;
  };
  const size = Math.floor((length - known) / LANES);
  const lane2 = known + size;
  const lane3 = lane2 + size;
  const lane4 = lane3 + size;
  let first = stateBefore(known);
  let second = stateBefore(lane2);
  let third = stateBefore(lane3);
  let fourth = stateBefore(lane4);
  let bytes = 0;
  let count = 0;
  for (let at = 0; at < size; at++) {
    const byte1 = scratch[known + at]!;
    const byte2 = scratch[lane2 + at]!;
    const byte3 = scratch[lane3 + at]!;
    const byte4 = scratch[lane4 + at]!;
    bytes |= summary[byte1]! | summary[byte2]! | summary[byte3]! | summary[byte4]!;
    first = table[(first & ~ENDS) * stride + classes[byte1]!]!;
    second = table[(second & ~ENDS) * stride + classes[byte2]!]!;
    third = table[(third & ~ENDS) * stride + classes[byte3]!]!;
    fourth = table[(fourth & ~ENDS) * stride + classes[byte4]!]!;
    hits[count] = first;
    count += first >> ENDS_BIT;
    hits[count] = second;
    count += second >> ENDS_BIT;
    hits[count] = third;
    count += third >> ENDS_BIT;
    hits[count] = fourth;
    count += fourth >> ENDS_BIT;
  }
  for (let at = lane4 + size; at < length; at++) {
    const byte = scratch[at]!;
    bytes |= summary[byte]!;
    fourth = table[(fourth & ~ENDS) * stride + classes[byte]!]!;
    hits[count] = fourth;
    count += fourth >> ENDS_BIT;
  }
  return { bytes, hits: count };
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
