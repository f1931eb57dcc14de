// Tells plain text, which is no SQL injection, without reading tokens.
//
// All fingerprints of attacks have a string, a variable, a comment, a bracket or a word of SQL among their tokens:
// bare words, numbers, operators and commas alone make none. So a value needs no reading that has no byte such
// tokens begin with and no word that the word table begins with. The tests hold this against the readings.

import { SQL_WORDS, type WordKind } from './sqli.data.ts';

const SEPARATOR = 1;
const LETTER = 2;
const DIGIT = 3;
/** By byte; 0 where tokens may begin that attacks are made of. */
const ROLES: Uint8Array = roles();

function roles(): Uint8Array {
  const table = new Uint8Array(256).fill(LETTER, 0x80);
  const mark = (chars: string, role: number): void => {
    for (const char of chars) table[char.charCodeAt(0)] = role;
  };
  mark(' \t\n\r.,:;=+/-?%~<>!^', SEPARATOR);
  mark('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', LETTER);
  mark('0123456789', DIGIT);
  mark('\xa0', 0);
  return table;
}

const DASH = 0x2d;
const DOT = 0x2e;

const SLOT_BITS = 16;
/** A bit for each hash of what a word or phrase of the table begins with. Others may share it. */
const BEGINNINGS: Uint8Array = beginnings();

function beginnings(): Uint8Array {
  const table = new Uint8Array((1 << SLOT_BITS) >> 3);
  for (const kind of Object.keys(SQL_WORDS) as WordKind[]) {
    for (const word of SQL_WORDS[kind].split(',')) {
      const beginning = /^\w+/.exec(word)?.[0] ?? '';
      let hash = 0;
      for (let at = 0; at < beginning.length; at++) hash = hashed(hash, beginning.charCodeAt(at));
      const slot = slotOf(hash);
      table[slot >> 3]! |= 1 << (slot & 7);
    }
  }
  return table;
}

/** Letters in either case have one hash, and a few other bytes with them. */
function hashed(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> SLOT_BITS)) & ((1 << SLOT_BITS) - 1);
}

function mayBeginWord(hash: number): boolean {
  const slot = slotOf(hash);
  return (BEGINNINGS[slot >> 3]! & (1 << (slot & 7))) !== 0;
}

/** True when no reading of `input` has the fingerprint of an attack; false says nothing. */
export function isPlainText(input: string): boolean {
  let run = SEPARATOR;
  let hash = 0;
  let before = 0;
  let followsNumber = false;
  for (let at = 0; at < input.length; at++) {
    const code = input.charCodeAt(at);
    const role = ROLES[code]!;
    if (role === LETTER) {
      // A number takes letters for its exponent or base, and a word begins behind them.
      if (run === DIGIT || (run === SEPARATOR && followsNumber && before === DOT)) return false;
      hash = run === LETTER ? hashed(hash, code) : hashed(0, code);
      run = LETTER;
    } else if (role === DIGIT) {
      if (run === LETTER) hash = hashed(hash, code);
      else run = DIGIT;
    } else {
      if (role !== SEPARATOR || (code === DASH && before === DASH)) return false;
      if (run === LETTER && mayBeginWord(hash)) return false;
      followsNumber = run === DIGIT;
      run = SEPARATOR;
    }
    before = code;
  }
  return run !== LETTER || !mayBeginWord(hash);
}
