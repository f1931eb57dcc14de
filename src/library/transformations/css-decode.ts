// t:cssDecode. CSS escapes: up to six hexadecimal digits, of which the last two make the byte.
//
// Full-width forms (U+FF01-FF5E) become the ASCII they look like. One white space byte behind the
// digits belongs to the escape, and behind an escaped NUL, too: ModSecurity's vectors take it for `\0`.
// A backslash before a line feed vanishes with it, one at the very end alone.

import { isAsciiSpace } from '../../base/ascii.ts';
import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexDigit } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';
import { wideByte } from './wide-byte.ts';

export const cssDecode: Transformation = Object.freeze({
  name: 'cssDecode',
  summary: 'decodes CSS escapes',
  alters: '\\',
  growth: () => 1,
  apply: (value: string) => {
    const first = value.indexOf('\\');
    if (first < 0) return value;
    const bytes = fromByteString(value);
    let write = first;
    let read = first;
    while (read < value.length) {
      if (bytes[read] !== 0x5c) {
        bytes[write++] = bytes[read++]!;
        continue;
      }
      read++;
      let digits = 0;
      let code = 0;
      for (; digits < 6; digits++) {
        const digit = hexDigit(value.charCodeAt(read + digits));
        if (digit < 0) break;
        code = code * 16 + digit;
      }
      if (digits > 0) {
        // Only U+00FFxx in full is a full-width form: `\1ff1c` and longer codes keep their low byte.
        bytes[write++] = code <= 0xffff ? wideByte(code) : code & 0xff;
        read += digits;
        if (read < value.length && isAsciiSpace(bytes[read]!)) read++;
      } else if (read < value.length) {
        const escaped = bytes[read++]!;
        if (escaped !== 0x0a) bytes[write++] = escaped;
        if (escaped === 0 && read < value.length && isAsciiSpace(bytes[read]!)) read++;
      }
    }
    return toByteString(bytes, write);
  },
});
