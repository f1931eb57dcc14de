// t:escapeSeqDecode. ANSI C escapes; an escape that C does not know loses its backslash.
//
// Octal escapes take up to three digits and keep the low byte (`\666` is B6).

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexByteAt } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';
import { controlEscape, isOctalDigit, octalDigits } from './c-escapes.ts';

export const escapeSeqDecode: Transformation = Object.freeze({
  name: 'escapeSeqDecode',
  summary: 'decodes ANSI C escapes',
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
      const hex = (code | 0x20) === 0x78 ? hexByteAt(value, read + 2) : -1;
      if (hex >= 0) {
        bytes[write++] = hex;
        read += 4;
      } else if (isOctalDigit(code)) {
        const digits = octalDigits(value, read + 1, 3);
        bytes[write++] = Number.parseInt(value.slice(read + 1, read + 1 + digits), 8) & 0xff;
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
