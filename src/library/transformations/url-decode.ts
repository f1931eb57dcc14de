// t:urlDecode. `+` becomes a blank and `%41` its byte; what is no valid escape stays.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexByteAt } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';

export const urlDecode: Transformation = Object.freeze({
  name: 'urlDecode',
  summary: 'decodes + and %41',
  alters: '%+',
  growth: () => 1,
  apply: (value: string) => {
    if (!value.includes('%') && !value.includes('+')) return value;
    const bytes = fromByteString(value);
    let write = 0;
    let changed = false;
    for (let read = 0; read < value.length; read++) {
      let byte = bytes[read]!;
      if (byte === 0x2b) {
        byte = 0x20;
        changed = true;
      } else if (byte === 0x25) {
        const escaped = hexByteAt(value, read + 1);
        if (escaped >= 0) {
          byte = escaped;
          read += 2;
          changed = true;
        }
      }
      bytes[write++] = byte;
    }
    return changed ? toByteString(bytes, write) : value;
  },
});
