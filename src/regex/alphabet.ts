// The symbols an automaton reads: classes of bytes that its pattern cannot tell apart, and two more.
//
// A newline that ends the subject is a symbol of its own where `\Z` looks for it, and the end of the
// subject is the last symbol. With them, what an assertion asks about the bytes around a position is
// answered by two bit masks, one for the symbol before and one for the symbol after.

import type { ByteSet } from './byte-set.ts';
import { hasByte, NEWLINE } from './byte-set.ts';

/** In the mask before a position: the start of the subject. After one: its end. */
export const EDGE: number = 1 << 30;
/** Only after a position: a newline that ends the subject. */
export const LAST_NEWLINE: number = 1 << 29;
/** Bits below LAST_NEWLINE: one for each set that assertions ask about. */
export const MAX_ASKED_SETS = 28;

export interface Alphabet {
  /** Symbol of each byte. */
  readonly symbolOf: Uint8Array;
  /** Number of symbols; the last is the end of the subject. */
  readonly size: number;
  /** The symbol of a newline that ends the subject; equals the newline's own if never asked for. */
  readonly lastNewline: number;
  readonly end: number;
  /** A byte of each symbol, -1 for the end. */
  readonly byteOf: Int16Array;
  /** What assertions may know about each symbol: bit `n` is the n-th asked set. */
  readonly bitsOf: Int32Array;
  readonly asked: readonly ByteSet[];
}

/**
 * `consumed` are the sets of the pattern, `asked` those its assertions test. Bytes that no set
 * separates share a symbol.
 */
export function buildAlphabet(
  consumed: Iterable<ByteSet>,
  asked: readonly ByteSet[],
  asksLastNewline: boolean,
): Alphabet {
  let symbolOf = new Uint8Array(256);
  let count = 1;
  const split = (set: ByteSet): void => {
    if (count === 256) return;
    const renamed = new Int16Array(512).fill(-1);
    const next = new Uint8Array(256);
    count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const half = symbolOf[byte]! * 2 + (hasByte(set, byte) ? 1 : 0);
      if (renamed[half] === -1) renamed[half] = count++;
      next[byte] = renamed[half]!;
    }
    symbolOf = next;
  };
  for (const set of consumed) split(set);
  for (const set of asked) split(set);
  if (asksLastNewline) split(NEWLINE);

  const lastNewline = asksLastNewline ? count : symbolOf[10]!;
  const size = count + (asksLastNewline ? 2 : 1);
  const end = size - 1;
  const byteOf = new Int16Array(size).fill(-1);
  for (let byte = 255; byte >= 0; byte--) byteOf[symbolOf[byte]!] = byte;
  const bitsOf = new Int32Array(size);
  for (let symbol = 0; symbol < count; symbol++) {
    asked.forEach((set, bit) => {
      if (hasByte(set, byteOf[symbol]!)) bitsOf[symbol]! |= 1 << bit;
    });
  }
  if (asksLastNewline) {
    byteOf[lastNewline] = 10;
    bitsOf[lastNewline] = bitsOf[symbolOf[10]!]! | LAST_NEWLINE;
  }
  bitsOf[end] = EDGE;
  return { symbolOf, size, lastNewline, end, byteOf, bitsOf, asked };
}
