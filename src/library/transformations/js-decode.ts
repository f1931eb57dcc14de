// t:jsDecode. JavaScript escapes: `\u0041`, `\x41`, `\101`, `\n`; any other `\c` becomes `c`.
//
// Three octal digits count only when the first is at most 3, so the value always fits a byte and is
// unsigned (Coraza's octal escapes come out wrong). A lone backslash at the end stays.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexByteAt, hexWordAt } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';
import { controlEscape, isOctalDigit, octalDigits } from './c-escapes.ts';
import { wideByte } from './wide-byte.ts';

export const jsDecode: Transformation = Object.freeze({
  name: 'jsDecode',
  summary: 'decodes JavaScript escapes',
  apply: (value: string) => {
    const first = value.indexOf('\\');
    if (first < 0 || first === value.length - 1) return value;
    const bytes = fromByteString(value);
    let write = first;
    let read = first;
    while (read < value.length) {
      if (bytes[read] !== 0x5c || read + 1 === value.length) {
        bytes[write++] = bytes[read++]!;
        continue;
      }
      const code = bytes[read + 1]!;
      const wide = code === 0x75 ? hexWordAt(value, read + 2) : -1;
      const narrow = code === 0x78 ? hexByteAt(value, read + 2) : -1;
      if (wide >= 0) {
        bytes[write++] = wideByte(wide);
        read += 6;
      } else if (narrow >= 0) {
        bytes[write++] = narrow;
        read += 4;
      } else if (isOctalDigit(code)) {
        const digits = octalDigits(value, read + 1, code <= 0x33 ? 3 : 2);
        bytes[write++] = Number.parseInt(value.slice(read + 1, read + 1 + digits), 8);
        read += 1 + digits;
      } else {
        const control = controlEscape(code);
        bytes[write++] = control >= 0 ? control : code;
        read += 2;
      }
    }
    return toByteString(bytes.subarray(0, write));
  },
});
