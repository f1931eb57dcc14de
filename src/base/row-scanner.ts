// Reads a text once for many phrases and for a summary of its bytes.
//
// Each phrase has owners, numbered bits. A state of the automaton keeps one row: the owners of all phrases that
// end there, so that a hit costs no more operations than a set of owners has words, however many phrases it is.
// Phrases stay short, for the sake of the tables: where a longer text has to stand around one, it is compared at
// the hit.

import { buildAhoCorasick } from './aho-corasick.ts';
import { lowerByte } from './ascii.ts';
import { buildMachine, buildTrie } from './phrase-machine.ts';
import {
  BACK,
  buildRowTables,
  ENDS,
  ENDS_BIT,
  LENGTH,
  OWNER,
  PROBE,
  PROBED,
  type RowTables,
  START,
  WHOLE,
  type WholeText,
} from './row-tables.ts';

/**
 * Adds the owners of every phrase that occurs to `found`, and returns the union of `summary` over all bytes of
 * the text.
 */
export type RowScanner = (text: string, found: number[]) => number;

/** Complete rows of transitions for every state; automata that need more are walked in the slower way. */
const MOST_TABLE_BYTES = 8 * 1024 * 1024;
/**
 * Long texts are read at four places at once: a step waits for the one before it, and the processor has time for
 * three more.
 */
const LANES = 4;
const LANES_WORTH = 128;
/** So many bytes of a long text are copied at a time; bytes of a string cost more to reach. */
const CHUNK = 1 << 15;

/** Where a hit was, of long texts: a lane, and the step in it. */
const LANE_BIT = 16;
const STEP_BIT = 18;
/** So many bytes may be compared in any text. */
const COMPARED_AT_LEAST = 256;

/** ASCII letters match in both cases; phrases have theirs in lower case and are not empty. */
export function buildRowScanner(
  phrases: readonly string[],
  owners: readonly (readonly number[])[],
  words: number,
  summary: Int32Array,
  mostTableBytes: number = MOST_TABLE_BYTES,
  recall: (make: () => RowTables | null) => RowTables | null = (make) => make(),
  wholes: readonly WholeText[] = [],
): RowScanner {
  if (phrases.length === 0) return (text) => summaryOf(text, summary);
  const tables = recall(() => {
    const machine = buildMachine(buildTrie(phrases, true));
    const { classCount, stateCount } = machine;
    if (stateCount > ENDS || stateCount * classCount * 2 > mostTableBytes) return null;
    return buildRowTables(machine, phrases, owners, words, wholes);
  });
  if (tables === null) {
    const every = owners.map((own) => [...own]);
    for (const { phrase, owner } of wholes) every[phrase]?.push(owner);
    return slowScanner(phrases, every, summary, mostTableBytes);
  }
  const lead = phrases.reduce((most, { length }) => Math.max(most, length), 0) - 1;
  return fastScanner(tables, summary, lead);
}

/** A function of its own: what it returns would keep the phrases and their owners, which are in the tables. */
function fastScanner(tables: RowTables, summary: Int32Array, lead: number): RowScanner {
  const { classes, stride, table, rowOf, ownersFrom, ownerWords, ownerBits } = tables;
  const { wholesFrom, wholes, texts } = tables;
  const walk = { table, stride, classes, summary };
  /** By row: the last text in which nothing was left to be found of it. */
  const settled = new Uint32Array(wholesFrom.length - 1);
  const lower = Uint8Array.from({ length: 256 }, (_, byte) => lowerByte(byte));
  let generation = 0;
  let spare = 0;
  const scratch = Buffer.alloc(lead + CHUNK);
  const hits = new Int32Array(lead + CHUNK + 1);

  return (text, found) => {
    generation = (generation + 1) >>> 0;
    if (generation === 0) {
      settled.fill(0);
      generation = 1;
    }
    spare = text.length + COMPARED_AT_LEAST;
    let bytes = 0;
    if (text.length >= LANES_WORTH) {
      for (let at = 0; at < text.length; at += CHUNK) {
        const start = Math.max(0, at - lead);
        const part = text.length <= CHUNK ? text : text.slice(start, at + CHUNK);
        const known = at - start;
        const length = scratch.write(part, 'latin1');
        const read = readChunk(walk, scratch, length, known, lead, hits);
        bytes |= read.bytes;
        const size = Math.floor((length - known) / LANES);
        for (let hit = 0; hit < read.hits; hit++) {
          const packed = hits[hit]!;
          const row = rowOf[packed & (ENDS - 1)]!;
          if (settled[row] === generation) continue;
          const lane = (packed >>> LANE_BIT) & (LANES - 1);
          note(row, text, start + known + lane * size + (packed >>> STEP_BIT) + 1, found);
        }
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
      const row = rowOf[state]!;
      if (settled[row] !== generation) note(row, text, at + 1, found);
    }
    return bytes;
  };

  /** Phrases end in front of `end`; those of one row all. */
  function note(row: number, text: string, end: number, found: number[]): void {
    const last = ownersFrom[row + 1]!;
    for (let at = ownersFrom[row]!; at < last; at++) found[ownerWords[at]!]! |= ownerBits[at]!;
    const from = wholesFrom[row]!;
    const to = wholesFrom[row + 1]!;
    if (from === to || noteWholes(from, to, text, end, found)) settled[row] = generation;
  }

  /** True when there is nothing left to find of them. */
  function noteWholes(
    from: number,
    to: number,
    text: string,
    end: number,
    found: number[],
  ): boolean {
    let isSettled = true;
    spare -= (to - from) / WHOLE;
    for (let whole = from; whole < to; whole += WHOLE) {
      const owner = wholes[whole + OWNER]!;
      const bit = 1 << (owner & 31);
      if ((found[owner >> 5]! & bit) !== 0) continue;
      const probe = end + wholes[whole + PROBE]!;
      const isProbed =
        probe >= 0 &&
        probe < text.length &&
        lower[text.charCodeAt(probe) & 0xff] === wholes[whole + PROBED];
      if (spare < 0 || (isProbed && standsAt(whole, text, end - wholes[whole + BACK]!))) {
        found[owner >> 5]! |= bit;
      } else isSettled = false;
    }
    return isSettled;
  }

  function standsAt(whole: number, text: string, begin: number): boolean {
    const from = wholes[whole + START]!;
    const length = wholes[whole + LENGTH]!;
    if (begin < 0 || begin + length > text.length) return false;
    for (let at = 0; at < length; at++) {
      if (--spare < 0) return true;
      if (lower[text.charCodeAt(begin + at) & 0xff] !== texts[from + at]) return false;
    }
    return true;
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
  hits: Int32Array,
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
    const step = at << STEP_BIT;
    hits[count] = step | first;
    count += first >> ENDS_BIT;
    hits[count] = step | (1 << LANE_BIT) | second;
    count += second >> ENDS_BIT;
    hits[count] = step | (2 << LANE_BIT) | third;
    count += third >> ENDS_BIT;
    hits[count] = step | (3 << LANE_BIT) | fourth;
    count += fourth >> ENDS_BIT;
  }
  for (let at = lane4 + size; at < length; at++) {
    const byte = scratch[at]!;
    bytes |= summary[byte]!;
    fourth = table[(fourth & ~ENDS) * stride + classes[byte]!]!;
    hits[count] = ((at - lane4) << STEP_BIT) | (3 << LANE_BIT) | fourth;
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
