// Text as Go reads it: code points, with U+FFFD for each byte that belongs to none.

import { sequenceLength, utf8Bytes } from '../../base/utf8.ts';

/** The bytes that are no ASCII: what only a reader of code points alters. */
export const HIGH_BYTES: string = String.fromCharCode(
  ...Array.from({ length: 128 }, (_, at) => 0x80 + at),
);
const REPLACEMENT = 0xfffd;

/** Changes each code point by `change`; -1 takes it out. */
export function mapCodePoints(value: string, change: (code: number) => number): string {
  let result = '';
  eachCodePoint(value, (code) => {
    const changed = change(code);
    if (changed >= 0) result += utf8Bytes(changed);
  });
  return result === value ? value : result;
}

export function eachCodePoint(value: string, visit: (code: number) => void): void {
  for (let at = 0; at < value.length; ) {
    const length = sequenceLength(value, at);
    visit(length === 0 ? REPLACEMENT : codePointAt(value, at, length));
    at += Math.max(length, 1);
  }
}

function codePointAt(value: string, at: number, length: number): number {
  const lead = value.charCodeAt(at);
  let code = length === 1 ? lead : lead & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) {
    code = (code << 6) | (value.charCodeAt(next) & 0x3f);
  }
  return code;
}

/** One code point for one: where Unicode has several for a letter, it stays. */
export function lowerCodePoint(code: number): number {
  // The only letter whose lower case has two code points, of which Go takes the first.
  return code === 0x130 ? 0x69 : singleOr(code, String.fromCodePoint(code).toLowerCase());
}

export function upperCodePoint(code: number): number {
  return singleOr(code, String.fromCodePoint(code).toUpperCase());
}

function singleOr(code: number, text: string): number {
  const first = text.codePointAt(0) ?? code;
  return String.fromCodePoint(first).length === text.length ? first : code;
}
