// Detects SQL injection: reads a value as the inside of a query, and compares the shape of what it
// finds with the shapes of known attacks.
//
// The answer is that of libinjection 3.10: the value is read as it stands, then as the rest of a
// single-quoted and of a double-quoted string, in ANSI SQL and, where that differs, in MySQL. Any
// bytes are fine, time is linear, and nothing is kept between calls.

import { isByteOf, LETTER, WORD_END } from './sql-bytes.ts';
import { fingerprintOf, isAttackFingerprint } from './sqli-fingerprints.ts';
import { foldTokens } from './sqli-fold.ts';
import { isPlainText } from './sqli-plain.ts';
import { kind, type SqlToken } from './sqli-token.ts';
import { type SqlDialect, type SqlQuote, startScan } from './sqli-tokens.ts';
import { isHonest } from './sqli-veto.ts';

/** What `detectSqli` found. */
export interface SqliFinding {
  /** The kinds of up to five tokens, a letter each: `s&1c`. */
  readonly fingerprint: string;
}

const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const EVIL = 'X';

/** Finds SQL injection in `input`, a byte string; null when there is none. */
export function detectSqli(input: string): SqliFinding | null {
  if (isSingleWord(input) || isPlainText(input)) return null;
  const fingerprint =
    readBothWays(input, 0) ??
    (input.includes("'") ? readBothWays(input, SINGLE_QUOTE) : null) ??
    (input.includes('"') ? readOneWay(input, DOUBLE_QUOTE, 'mysql').fingerprint : null);
  return fingerprint === null ? null : { fingerprint };
}

interface Reading {
  readonly fingerprint: string | null;
  /** True when MySQL reads the input otherwise. */
  readonly isAmbiguous: boolean;
}

function readBothWays(input: string, quote: SqlQuote): string | null {
  const ansi = readOneWay(input, quote, 'ansi');
  if (ansi.fingerprint !== null || !ansi.isAmbiguous) return ansi.fingerprint;
  return readOneWay(input, quote, 'mysql').fingerprint;
}

function readOneWay(input: string, quote: SqlQuote, dialect: SqlDialect): Reading {
  const scan = startScan(input, quote, dialect);
  const tokens = foldTokens(scan);
  const { isAmbiguous } = scan;
  if (tokens.some(isEvil)) return { fingerprint: EVIL, isAmbiguous };
  if (!isAttackFingerprint(tokens, tokens.length)) return { fingerprint: null, isAmbiguous };
  const fingerprint = fingerprintOf(tokens, tokens.length);
  if (isHonest(input, tokens, fingerprint, scan.tokenCount))
    return { fingerprint: null, isAmbiguous };
  return { fingerprint, isAmbiguous };
}

function isEvil(token: SqlToken): boolean {
  return token.kind === kind.evil;
}

/**
 * True when `input` is one word, one number, or empty.
 *
 * Such a value is one token in every reading, and the only attack of one token is a comment, so the
 * common value needs no reading at all. The tests hold this against the readings.
 */
export function isSingleWord(input: string): boolean {
  const { length } = input;
  if (length === 0) return true;
  const first = input.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) return isDigits(input);
  if (first < 0x80 && first !== 0x5f && !isByteOf(first, LETTER)) return false;
  for (let at = 0; at < length; at++) {
    const code = input.charCodeAt(at);
    // A word may be cut at a dot or a backtick.
    if (isByteOf(code, WORD_END) || code === 0x2e || code === 0x60) return false;
  }
  return true;
}

function isDigits(input: string): boolean {
  for (let at = 1; at < input.length; at++) {
    const code = input.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
