// Reads byte strings as the UTF-8 they usually hold, to count columns and to show text.
//
// Rule files are bytes. Where the bytes are well-formed UTF-8 one code point is one column; any other
// byte is a column of its own. Nothing here is used to judge requests.

import { firstIllFormedUtf8 } from '../base/utf8.ts';

/** Length in chars of the code point at `at`; `code` is -1 for a byte that belongs to none. */
export interface CodePoint {
  readonly length: number;
  readonly code: number;
}

/** The code point at `at`. Chars above 0xFF (text that is no byte string) count as themselves. */
export function codePointAt(text: string, at: number): CodePoint {
  const lead = text.charCodeAt(at);
  if (lead < 0x80) return { length: 1, code: lead };
  if (lead > 0xff) {
    const code = text.codePointAt(at) ?? lead;
    return { length: code > 0xffff ? 2 : 1, code };
  }
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const sequence = text.slice(at, at + length);
  if (sequence.length < length || firstIllFormedUtf8(sequence) !== -1)
    return { length: 1, code: -1 };
  let code = lead & (0xff >> (length + 1));
  for (let index = 1; index < length; index++)
    code = (code << 6) | (sequence.charCodeAt(index) & 0x3f);
  return { length, code };
}

/** Number of code points from `start` up to `end`. */
export function countCodePoints(text: string, start: number, end: number): number {
  let count = 0;
  let at = start;
  while (at < end) {
    at += codePointAt(text, at).length;
    count++;
  }
  return count;
}

/** The text with its UTF-8 decoded; bytes that are none become `\xE9`. For JSON and other data. */
export function decoded(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { length, code } = codePointAt(text, at);
    parts.push(code < 0 ? escapedByte(text.charCodeAt(at)) : String.fromCodePoint(code));
    at += length;
  }
  return parts.join('');
}

/**
 * The text fit for a terminal: decoded, and every control and direction-changing character escaped, so
 * that a rule file cannot move the cursor or disguise what it says.
 */
export function displayed(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { length, code } = codePointAt(text, at);
    parts.push(code < 0 ? escapedByte(text.charCodeAt(at)) : displayedCodePoint(code));
    at += length;
  }
  return parts.join('');
}

/** One code point fit for a terminal. A tab becomes one blank. */
export function displayedCodePoint(code: number): string {
  if (code === 0x09) return ' ';
  if (code < 0x20 || code === 0x7f) return escapedByte(code);
  if (isInvisible(code)) return `\\u{${code.toString(16)}}`;
  return String.fromCodePoint(code);
}

export function escapedByte(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

/** C1 controls, zero-width characters, line separators, direction overrides and lone surrogates. */
function isInvisible(code: number): boolean {
  return (
    (code >= 0x80 && code <= 0x9f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff
  );
}
