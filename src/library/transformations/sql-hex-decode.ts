// t:sqlHexDecode. SQL hexadecimal literals become their bytes: `0x414243` is `ABC`.
//
// The literal takes all whole pairs of digits behind `0x`; an odd last digit stays behind it.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexByteAt } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';

export const sqlHexDecode: Transformation = Object.freeze({
  name: 'sqlHexDecode',
  summary: 'SQL hexadecimal literals (0x41) to bytes',
  alters: 'xX',
  apply: (value: string) => {
    let prefix = nextPrefix(value, 0);
    if (prefix < 0) return value;
    const bytes = fromByteString(value);
    let write = 0;
    let read = 0;
    while (prefix >= 0) {
      bytes.copyWithin(write, read, prefix);
      write += prefix - read;
      read = prefix + 2;
      for (let byte = hexByteAt(value, read); byte >= 0; byte = hexByteAt(value, read)) {
        bytes[write++] = byte;
        read += 2;
      }
      prefix = nextPrefix(value, read);
    }
    bytes.copyWithin(write, read);
    return toByteString(bytes, write + value.length - read);
  },
});

/** Where `0x` or `0X` stands with at least one pair of digits behind it. */
function nextPrefix(value: string, from: number): number {
  for (let at = value.indexOf('0', from); at >= 0; at = value.indexOf('0', at + 1)) {
    if ((value.charCodeAt(at + 1) | 0x20) === 0x78 && hexByteAt(value, at + 2) >= 0) return at;
  }
  return -1;
}
