// Looks up SQL words, phrases and operators, without allocating.
//
// Words are compared in ASCII without case, straight from the text they stand in. String methods
// would fold too much: 'ß'.toUpperCase() is 'SS', and byte 0xDF is not two letters.

import { SQL_WORDS, type WordKind } from './sqli.data.ts';
import { kind, type SqlToken } from './sqli-token.ts';

/** Longer words are not in the table; a test holds this. */
export const MAX_WORD_LENGTH = 31;

const SLOTS = 4096;
const SPACE = 0x20;

const UPPER: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x61 && code <= 0x7a ? code - 0x20 : code,
);

interface WordTable {
  readonly words: readonly string[];
  readonly kinds: Uint8Array;
  /** Open addressing: 0 is free, else one more than the index in `words`. */
  readonly slots: Uint16Array;
}

const TABLE: WordTable = wordTable();

function hashRange(hash: number, source: string, start: number, end: number): number {
  let result = hash;
  for (let at = start; at < end; at++) {
    result = (Math.imul(result, 31) + UPPER[source.charCodeAt(at)]!) | 0;
  }
  return result;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 12)) & (SLOTS - 1);
}

function wordTable(): WordTable {
  const words: string[] = [];
  const kinds: number[] = [];
  const slots = new Uint16Array(SLOTS);
  for (const name of Object.keys(SQL_WORDS) as WordKind[]) {
    for (const word of SQL_WORDS[name].split(',')) {
      words.push(word);
      kinds.push(kind[name]);
      let slot = slotOf(hashRange(0, word, 0, word.length));
      while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
      slots[slot] = words.length;
    }
  }
  return { words, kinds: Uint8Array.from(kinds), slots };
}

function sameUpper(word: string, at: number, source: string, start: number, end: number): boolean {
  for (let from = start, to = at; from < end; from++, to++) {
    if (UPPER[source.charCodeAt(from)] !== word.charCodeAt(to)) return false;
  }
  return true;
}

/** The kind of the word at `start`..`end`, `kind.none` when it is not in the table. */
export function wordKind(source: string, start: number, end: number): number {
  const length = end - start;
  if (length > MAX_WORD_LENGTH) return kind.none;
  let slot = slotOf(hashRange(0, source, start, end));
  for (let entry = TABLE.slots[slot]!; entry !== 0; entry = TABLE.slots[slot]!) {
    const word = TABLE.words[entry - 1]!;
    if (word.length === length && sameUpper(word, 0, source, start, end)) {
      return TABLE.kinds[entry - 1]!;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  return kind.none;
}

/** The kind of the two tokens' texts with one space between, `kind.none` when not in the table. */
export function phraseKind(first: SqlToken, second: SqlToken): number {
  const length = first.length + 1 + second.length;
  if (length > MAX_WORD_LENGTH) return kind.none;
  const firstEnd = first.start + first.length;
  const secondEnd = second.start + second.length;
  let hash = hashRange(0, first.source, first.start, firstEnd);
  hash = (Math.imul(hash, 31) + SPACE) | 0;
  hash = hashRange(hash, second.source, second.start, secondEnd);
  let slot = slotOf(hash);
  for (let entry = TABLE.slots[slot]!; entry !== 0; entry = TABLE.slots[slot]!) {
    const word = TABLE.words[entry - 1]!;
    if (
      word.length === length &&
      word.charCodeAt(first.length) === SPACE &&
      sameUpper(word, 0, first.source, first.start, firstEnd) &&
      sameUpper(word, first.length + 1, second.source, second.start, secondEnd)
    ) {
      return TABLE.kinds[entry - 1]!;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  return kind.none;
}

/** True when the token's text is `word`, an upper-case word, in any case. */
export function isWord(token: SqlToken, word: string): boolean {
  return (
    token.length === word.length &&
    sameUpper(word, 0, token.source, token.start, token.start + token.length)
  );
}

/** True when the token's text starts with `word`, an upper-case word, in any case. */
export function startsWithWord(token: SqlToken, word: string): boolean {
  return (
    token.length >= word.length &&
    sameUpper(word, 0, token.source, token.start, token.start + word.length)
  );
}
