// The check sum that GitHub and npm put at the end of their tokens: CRC-32 of what stands between prefix and sum,
// in six digits of base 62.

import { crc32 } from '../../base/crc32.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = 6;

/** Whether the last six characters are the sum of the others. */
export function hasTokenSum(body: string): boolean {
  const value = Array.from(body.slice(-DIGITS)).reduce(
    (sum, char) => sum * 62 + ALPHABET.indexOf(char),
    0,
  );
  return body.length > DIGITS && value === crc32(body.slice(0, -DIGITS));
}
