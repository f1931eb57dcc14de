// Bit 7 of every byte, set by the parity of the whole byte. Three transformations are made of it.

import { fromByteString, toByteString } from '../../base/bytes.ts';

/** Sets or clears bit 7 so that the number of set bits of the byte as it came is even, or odd. */
export function withParity(value: string, odd: 0 | 1): string {
  const bytes = fromByteString(value);
  let changed = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    // The parity counts bit 7 as it came: 80 has odd parity already and, for odd, becomes 00.
    const result = parityOf(byte) === odd ? byte & 0x7f : byte | 0x80;
    if (result === byte) continue;
    bytes[at] = result;
    changed = true;
  }
  return changed ? toByteString(bytes) : value;
}

function parityOf(byte: number): number {
  let folded = byte ^ (byte >> 4);
  folded ^= folded >> 2;
  return (folded ^ (folded >> 1)) & 1;
}
