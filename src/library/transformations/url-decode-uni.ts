// t:urlDecodeUni. urlDecode plus `%u0041`, through the Unicode map when one is loaded.
//
// A broken `%u` loses nothing: both bytes are copied and reading goes on behind them, so `%u00%41` still
// gives `%u00A`. Only four digits are read: `%u1f600` is a byte and the digit `0`.

import { fromByteString, toByteString, withByteReplaced } from '../../base/bytes.ts';
import { hexByteAt, hexWordAt } from '../../base/hex.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { wideByte } from './wide-byte.ts';

/** Each byte, with a blank for `+`. */
const WITHOUT_PLUS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x2b ? 0x20 : byte,
);

export const urlDecodeUni: Transformation = Object.freeze({
  name: 'urlDecodeUni',
  summary: 'decodes +, %41 and %u0041',
  alters: '%+',
  growth: () => 1,
  apply: (value: string, environment: TransformationEnvironment) => {
    const hasPlus = value.includes('+');
    if (!value.includes('%')) return hasPlus ? withByteReplaced(value, 0x2b, 0x20) : value;
    const bytes = fromByteString(value);
    let write = 0;
    let changed = hasPlus;
    for (let read = 0; read < value.length; read++) {
      let byte = WITHOUT_PLUS[bytes[read]!]!;
      if (byte === 0x25) {
        const wide = (value.charCodeAt(read + 1) | 0x20) === 0x75;
        const escaped = wide ? hexWordAt(value, read + 2) : hexByteAt(value, read + 1);
        if (escaped >= 0) {
          byte = wide ? mappedByte(escaped, environment.unicodeMap) : escaped;
          read += wide ? 5 : 2;
          changed = true;
        }
      }
      bytes[write++] = byte;
    }
    return changed ? toByteString(bytes, write) : value;
  },
});

function mappedByte(code: number, map: Int32Array | undefined): number {
  const mapped = map?.[code] ?? -1;
  return mapped >= 0 ? mapped & 0xff : wideByte(code);
}
