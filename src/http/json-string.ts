// One JSON string, from quote to quote, as UTF-8 bytes.

import { hexDigit } from '../base/hex.ts';
import { firstIllFormedUtf8, utf8Bytes } from '../base/utf8.ts';

export interface JsonString {
  readonly value: string;
  /** Behind the closing quote, or where the error is. */
  readonly end: number;
  readonly error: string | undefined;
}

const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
});

/**
 * `text[from]` is the opening quote. Control bytes are errors, and ill-formed UTF-8 is unless `anyBytes` may stand
 * there.
 *
 * A `\u` surrogate without its other half is allowed by the grammar but names no character; it becomes
 * U+FFFD. (yajl, hence ModSecurity, gives `?`, which would put a meta-character into the value.)
 */
export function readJsonString(text: string, from: number, anyBytes = false): JsonString {
  let value = '';
  let copied = from + 1;
  let hasHighBytes = false;
  let at = from + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) break;
    if (Number.isNaN(code)) return fail(at, 'unterminated string');
    if (code < 0x20) return fail(at, 'control character in a string');
    if (code >= 0x80) hasHighBytes = true;
    if (code !== 0x5c) {
      at += 1;
      continue;
    }
    value += text.slice(copied, at);
    const plain = ESCAPES[text.charAt(at + 1)];
    if (plain !== undefined) {
      value += plain;
      at += 2;
    } else {
      const unit = text[at + 1] === 'u' ? readUnit(text, at + 2) : -1;
      if (unit === -1) return fail(at, 'invalid escape in a string');
      at += 6;
      const low = isHigh(unit) && text.startsWith('\\u', at) ? readUnit(text, at + 2) : -1;
      if (low >= 0xdc00 && low <= 0xdfff) {
        value += utf8Bytes(0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00));
        at += 6;
      } else {
        value += utf8Bytes(unit);
      }
    }
    copied = at;
  }
  if (hasHighBytes && !anyBytes) {
    // Over the source, not the value: an escape is ASCII and cannot complete a broken sequence there.
    const illFormed = firstIllFormedUtf8(text, from + 1, at);
    if (illFormed !== -1) return fail(illFormed, 'ill-formed UTF-8 in a string');
  }
  return { value: value + text.slice(copied, at), end: at + 1, error: undefined };
}

function fail(end: number, error: string): JsonString {
  return { value: '', end, error };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The 16-bit unit of four hex digits, -1 when they are not. */
function readUnit(text: string, from: number): number {
  let unit = 0;
  for (let at = from; at < from + 4; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit === -1) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}
