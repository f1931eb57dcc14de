// Which fingerprints are attacks.
//
// A fingerprint is the letters of up to five tokens. It is looked up as a number, five bits a token,
// so that the usual answer, no, costs neither a string nor a walk. The table is upper-cased, and so
// `t` (a type) and `T` (a T-SQL statement) are the same digit.

import { SQL_FINGERPRINTS } from './sqli.data.ts';
import { KIND_LETTERS, type SqlToken } from './sqli-token.ts';

const BITS = 5;
const FIRST_MARK = 0x61;
const UPPER_LETTERS = KIND_LETTERS.toUpperCase();

const DIGITS: Uint8Array = Uint8Array.from(UPPER_LETTERS, (letter) =>
  UPPER_LETTERS.indexOf(letter),
);

const ATTACKS: ReadonlySet<number> = new Set(attackFingerprints().map(keyOf));

function keyOf(fingerprint: string): number {
  let key = 0;
  for (const letter of fingerprint) key = (key << BITS) | UPPER_LETTERS.indexOf(letter);
  return key;
}

/** The fingerprints of attacks, upper-cased, in order. */
export function attackFingerprints(): string[] {
  const found: string[] = [];
  let fingerprint = '';
  for (let at = 0; at < SQL_FINGERPRINTS.length; ) {
    const shared = SQL_FINGERPRINTS.charCodeAt(at) - FIRST_MARK;
    let end = at + 1;
    while (end < SQL_FINGERPRINTS.length && SQL_FINGERPRINTS.charCodeAt(end) < FIRST_MARK) end++;
    fingerprint = fingerprint.slice(0, shared) + SQL_FINGERPRINTS.slice(at + 1, end);
    found.push(fingerprint);
    at = end;
  }
  return found;
}

/** True when the first `count` tokens make the fingerprint of an attack. */
export function isAttackFingerprint(tokens: readonly SqlToken[], count: number): boolean {
  let key = 0;
  for (let at = 0; at < count; at++) key = (key << BITS) | DIGITS[tokens[at]!.kind]!;
  return ATTACKS.has(key);
}

/** The fingerprint of the first `count` tokens. */
export function fingerprintOf(tokens: readonly SqlToken[], count: number): string {
  let fingerprint = '';
  for (let at = 0; at < count; at++) fingerprint += KIND_LETTERS[tokens[at]!.kind];
  return fingerprint;
}
