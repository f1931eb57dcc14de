// Hexadecimal digits: their values, checked or as C programs read them, and the writing of bytes.

import { fromByteString, toByteString } from './bytes.ts';

const DIGITS = '0123456789abcdef';
const DIGIT_BYTES: Uint8Array = Uint8Array.from([...DIGITS], (digit) => digit.charCodeAt(0));

const VALUES: Int8Array = (() => {
  const values = new Int8Array(256).fill(-1);
  for (let digit = 0; digit < 16; digit++) {
    values[DIGITS.charCodeAt(digit)] = digit;
    values[DIGITS.toUpperCase().charCodeAt(digit)] = digit;
  }
  return values;
})();

/** 0-15, or -1 when the code (NaN behind the end of a string, too) is no hexadecimal digit. */
export function hexDigit(code: number): number {
  return VALUES[code] ?? -1;
}

/** The byte that two hexadecimal digits at `at` stand for, or -1 when they are not there. */
export function hexByteAt(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The value of four hexadecimal digits at `at`, or -1 when they are not there. */
export function hexWordAt(text: string, at: number): number {
  const high = hexByteAt(text, at);
  const low = hexByteAt(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 256 + low;
}

/**
 * The byte ModSecurity makes of two chars it takes for hexadecimal digits without checking them.
 *
 * `0z` is 0x23: every char from `A` up counts as a letter, in eight bits.
 */
export function uncheckedHexByte(high: number, low: number): number {
  return (uncheckedDigit(high) * 16 + uncheckedDigit(low)) & 0xff;
}

function uncheckedDigit(code: number): number {
  return code >= 0x41 ? (code & 0xdf) - 0x41 + 10 : code - 0x30;
}

/** Two lower-case digits per byte. */
export function encodeHex(text: string): string {
  const source = fromByteString(text);
  const target = new Uint8Array(source.length * 2);
  for (let at = 0; at < source.length; at++) writeHexByte(target, at * 2, source[at]!);
  return toByteString(target);
}

/** Writes two lower-case digits at `at`. */
export function writeHexByte(target: Uint8Array, at: number, byte: number): void {
  target[at] = DIGIT_BYTES[byte >> 4]!;
  target[at + 1] = DIGIT_BYTES[byte & 15]!;
}
