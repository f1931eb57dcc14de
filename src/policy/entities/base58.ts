// Base58Check: the writing of Bitcoin's addresses and keys, with four bytes of a double SHA-256 at the end.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { sha256 } from '../../base/sha256.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const CHECK_BYTES = 4;

/** The bytes without the check sum, the version first; undefined when a digit or the sum is wrong. */
export function decodeBase58Check(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let zeros = 0;
  for (const char of text) {
    let carry = ALPHABET.indexOf(char);
    if (carry < 0) return undefined;
    if (carry === 0 && bytes.length === 0) zeros++;
    for (let at = 0; at < bytes.length || carry > 0; at++) {
      carry += (bytes[at] ?? 0) * 58;
      bytes[at] = carry & 0xff;
      carry >>= 8;
    }
  }
  const all = Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
  if (all.length <= CHECK_BYTES) return undefined;
  const payload = all.subarray(0, -CHECK_BYTES);
  const sum = fromByteString(sha256(sha256(toByteString(payload))));
  for (let at = 0; at < CHECK_BYTES; at++) {
    if (sum[at] !== all[payload.length + at]) return undefined;
  }
  return payload;
}
