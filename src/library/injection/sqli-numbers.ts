// Reads the number literals of SQL in all dialects.
//
// Each reader gets the input and the index where the literal starts, fills the token, and returns
// the index after it; 0 means that the text is not of this form.

import { DIGIT, endOfRun, HEX_DIGIT, isByteOf, WHITE } from './sql-bytes.ts';
import { kind, type SqlToken, setToken } from './sqli-token.ts';

const SINGLE_QUOTE = 0x27;

/** Reads `0x1f`, `0b01`, `1.5e-3f`, or a lone `.`; `0x` and `1e` without digits are bare words. */
export function readNumber(token: SqlToken, input: string, start: number): number {
  const second = input.charCodeAt(start + 1) | 0x20;
  if (input.charCodeAt(start) === 0x30 && (second === 0x78 || second === 0x62)) {
    const digits = start + 2;
    const end = second === 0x78 ? endOfRun(input, digits, HEX_DIGIT) : endOfBits(input, digits);
    setToken(token, end === digits ? kind.bareword : kind.number, input, start, end - start);
    return end;
  }
  let at = endOfRun(input, start, DIGIT);
  if (input.charCodeAt(at) === 0x2e) {
    at = endOfRun(input, at + 1, DIGIT);
    if (at === start + 1) {
      setToken(token, kind.dot, input, start, 1);
      return at;
    }
  }
  let isWord = false;
  if ((input.charCodeAt(at) | 0x20) === 0x65) {
    at++;
    const sign = input.charCodeAt(at);
    if (sign === 0x2b || sign === 0x2d) at++;
    const exponent = at;
    at = endOfRun(input, at, DIGIT);
    isWord = at === exponent;
  }
  if (hasOracleSuffix(input, at)) at++;
  setToken(token, isWord ? kind.bareword : kind.number, input, start, at - start);
  return at;
}

/** True for the `d` or `f` of Oracle's `1.5f`, but not for the start of a word, as in `1FROM`. */
function hasOracleSuffix(input: string, at: number): boolean {
  const suffix = input.charCodeAt(at) | 0x20;
  if (suffix !== 0x64 && suffix !== 0x66) return false;
  if (at + 1 === input.length) return true;
  const next = input.charCodeAt(at + 1);
  // `1fUNION` is read as `1f UNION`.
  return isByteOf(next, WHITE) || next === 0x3b || (next | 0x20) === 0x75;
}

/** Reads `b'01'`, a number. */
export function readBits(token: SqlToken, input: string, start: number): number {
  if (input.charCodeAt(start + 1) !== SINGLE_QUOTE) return 0;
  return readDigitsInQuotes(token, input, start, endOfBits(input, start + 2));
}

/** Reads `x'0f'`, a number. */
export function readHex(token: SqlToken, input: string, start: number): number {
  if (input.charCodeAt(start + 1) !== SINGLE_QUOTE) return 0;
  return readDigitsInQuotes(token, input, start, endOfRun(input, start + 2, HEX_DIGIT));
}

function readDigitsInQuotes(
  token: SqlToken,
  input: string,
  start: number,
  digitsEnd: number,
): number {
  if (input.charCodeAt(digitsEnd) !== SINGLE_QUOTE) return 0;
  setToken(token, kind.number, input, start, digitsEnd + 1 - start);
  return digitsEnd + 1;
}

/** The index of the first char at or after `from` that is not 0 or 1. */
function endOfBits(input: string, from: number): number {
  let at = from;
  while (at < input.length && (input.charCodeAt(at) | 1) === 0x31) at++;
  return at;
}
