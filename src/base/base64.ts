// Base64 in the two lenient readings WAF rules know, and its writing.
//
// Both readings decode what is there: two left-over digits give one byte, three give two, one none.

import { fromByteString, toByteString } from './bytes.ts';

/** The digits, in the order of their values. */
export const BASE64_ALPHABET: string =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;

const VALUES: Int8Array = (() => {
  const values = new Int8Array(256).fill(-1);
  for (let digit = 0; digit < 64; digit++) values[BASE64_ALPHABET.charCodeAt(digit)] = digit;
  return values;
})();

function isDigitOrBreak(code: number): boolean {
  return VALUES[code & 0xff]! >= 0 || code === 0x0a || code === 0x0d;
}

/** How many chars the decoding of a prefix reads; stops to count at `most`. */
export function base64PrefixLength(text: string, most: number = text.length): number {
  const end = Math.min(text.length, most);
  let at = 0;
  while (at < end && isDigitOrBreak(text.charCodeAt(at))) at++;
  return at;
}

/** Decodes up to the first char that is neither a digit nor CR or LF. */
export function decodeBase64Prefix(text: string): string {
  const end = base64PrefixLength(text);
  // Decoded in place: what is written never overtakes what is read.
  const bytes = fromByteString(end === text.length ? text : text.slice(0, end));
  let digits = 0;
  let bits = 0;
  let write = 0;
  for (let at = 0; at < end; at++) {
    const digit = VALUES[bytes[at]!]!;
    if (digit < 0) continue;
    bits = (bits << 6) | digit;
    const place = digits++ & 3;
    if (place > 0) bytes[write++] = bits >> (6 - place * 2);
  }
  return toByteString(bytes, write);
}

/**
 * Decodes all digits wherever they stand, skipping everything between them.
 *
 * A `=` that no other follows, behind the first digit of a group, makes the whole result empty: PHP's
 * reading, which ModSecurity took over.
 */
export function decodeBase64Anywhere(text: string): string {
  const bytes = fromByteString(text);
  let digits = 0;
  let bits = 0;
  let write = 0;
  for (let at = 0; at < bytes.length; at++) {
    const digit = VALUES[bytes[at]!]!;
    if (digit >= 0) {
      bits = (bits << 6) | digit;
      const place = digits++ & 3;
      if (place > 0) bytes[write++] = bits >> (6 - place * 2);
    } else if (bytes[at] === PADDING && (digits & 3) === 1 && bytes[at + 1] !== PADDING) {
      return '';
    }
  }
  return toByteString(bytes, write);
}

/** Standard alphabet, padded, without line breaks. */
export function encodeBase64(text: string): string {
  const source = fromByteString(text);
  const target = new Uint8Array(Math.ceil(source.length / 3) * 4);
  let write = 0;
  for (let at = 0; at < source.length; at += 3) {
    const left = source.length - at;
    const first = source[at]!;
    const second = left > 1 ? source[at + 1]! : 0;
    const third = left > 2 ? source[at + 2]! : 0;
    target[write++] = BASE64_ALPHABET.charCodeAt(first >> 2);
    target[write++] = BASE64_ALPHABET.charCodeAt(((first & 3) << 4) | (second >> 4));
    target[write++] =
      left > 1 ? BASE64_ALPHABET.charCodeAt(((second & 15) << 2) | (third >> 6)) : PADDING;
    target[write++] = left > 2 ? BASE64_ALPHABET.charCodeAt(third & 63) : PADDING;
  }
  return toByteString(target);
}
