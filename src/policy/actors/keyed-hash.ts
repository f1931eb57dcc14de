// Keyed hashes: how values of requests become keys and names that give nothing away.
//
// Every use is a domain of its own, so that a user called `192.0.2.7` is not the address. Parts are told
// apart by their lengths, so that no two lists of parts give the same text.

import type { ByteString } from '../../base/bytes.ts';

/** HMAC-SHA-256 under a key that never leaves its maker, as 64 lower-case hexadecimal digits. */
export type Hmac = (text: ByteString) => string;

/** Enough that no two values ever meet, and short enough for keys. */
const KEY_DIGITS = 32;

/** 32 hexadecimal digits. An undefined part is missing, which is not the same as empty. */
export function keyedHash(
  hmac: Hmac,
  domain: string,
  parts: readonly (ByteString | undefined)[],
): string {
  const text = parts.map((part) => (part === undefined ? '-;' : `${part.length}:${part};`));
  return hmac(`${domain}\0${text.join('')}`).slice(0, KEY_DIGITS);
}
