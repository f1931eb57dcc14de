// Base64 as tokens use it (RFC 4648 section 5, without padding), read strictly.
//
// Strict, because a signature covers the text: two spellings of one token must not both be accepted.

import { BASE64_ALPHABET } from './base64.ts';
import { toByteString } from './bytes.ts';

const VALUES: Int8Array = (() => {
  const values = new Int8Array(256).fill(-1);
  const alphabet = `${BASE64_ALPHABET.slice(0, 62)}-_`;
  for (let digit = 0; digit < 64; digit++) values[alphabet.charCodeAt(digit)] = digit;
  return values;
})();

/**
 * Undefined for any other character, padding, blanks and line ends included, for a length that no bytes
 * give, and for left-over bits that are not zero.
 */
export function decodeBase64Url(text: string): string | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let write = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = VALUES[text.charCodeAt(at)] ?? -1;
    if (digit < 0) return undefined;
    bits = ((bits << 6) | digit) & 0xffffff;
    const place = at & 3;
    if (place > 0) bytes[write++] = bits >> (6 - place * 2);
  }
  const left = text.length & 3;
  if (left > 0 && (bits & (left === 2 ? 15 : 3)) !== 0) return undefined;
  return toByteString(bytes);
}
