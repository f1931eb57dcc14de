// t:urlEncode. Letters, digits and `*` stay, a blank becomes `+`, all else `%hh`.

import { isAsciiAlphanumeric } from '../../base/ascii.ts';
import { fromByteString, toByteString } from '../../base/bytes.ts';
import { writeHexByte } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';

export const urlEncode: Transformation = Object.freeze({
  name: 'urlEncode',
  summary: 'encodes all but letters, digits and *',
  apply: (value: string) => {
    if (!/[^A-Za-z0-9*]/.test(value)) return value;
    const source = fromByteString(value);
    const target = new Uint8Array(source.length * 3);
    let write = 0;
    for (const byte of source) {
      if (byte === 0x20) {
        target[write++] = 0x2b;
      } else if (byte === 0x2a || isAsciiAlphanumeric(byte)) {
        target[write++] = byte;
      } else {
        target[write] = 0x25;
        writeHexByte(target, write + 1, byte);
        write += 3;
      }
    }
    return toByteString(target, write);
  },
});
