// What C-like backslash escapes stand for; t:jsDecode and t:escapeSeqDecode share it.

import { fromByteString, toByteString } from '../../base/bytes.ts';

/** What stands at a backslash: the byte that it means, and how many chars it takes in all, times 256. */
export type EscapeAt = (value: string, at: number) => number;

export function escaped(length: number, byte: number): number {
  return (length << 8) | (byte & 0xff);
}

/** Puts the bytes that escapes mean in their place. A lone backslash at the end stays. */
export function decodeEscapes(value: string, escapeAt: EscapeAt): string {
  const first = value.indexOf('\\');
  if (first < 0 || first === value.length - 1) return value;
  const bytes = fromByteString(value);
  let write = first;
  let read = first;
  while (read < value.length) {
    if (bytes[read] !== 0x5c || read + 1 === value.length) {
      bytes[write++] = bytes[read++]!;
      continue;
    }
    const found = escapeAt(value, read);
    bytes[write++] = found & 0xff;
    read += found >> 8;
  }
  return toByteString(bytes, write);
}

/** The control char of `\a \b \f \n \r \t \v`, or -1. */
function controlEscape(code: number): number {
  switch (code) {
    case 0x61:
      return 0x07;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x76:
      return 0x0b;
    default:
      return -1;
  }
}

/** A backslash and one char: the control char that it means, otherwise the char itself. */
export function simpleEscape(code: number): number {
  const control = controlEscape(code);
  return escaped(2, control >= 0 ? control : code);
}

/** A backslash and up to `most` octal digits; keeps the low byte. */
export function octalEscape(value: string, at: number, most: number): number {
  const digits = octalDigits(value, at + 1, most);
  return escaped(1 + digits, Number.parseInt(value.slice(at + 1, at + 1 + digits), 8));
}

export function isOctalDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x37;
}

/** How many of the octal digits at `at` belong to an escape, at most `most`. */
function octalDigits(value: string, at: number, most: number): number {
  let count = 0;
  while (count < most && isOctalDigit(value.charCodeAt(at + count))) count++;
  return count;
}
