// t:cmdLine. Undoes what shells ignore: quotes, carets and backslashes go, separators become one blank.
//
// A blank before `/` or `(` goes, too, and ASCII letters are lowered. Nothing is trimmed. ModSecurity v2
// stops at a NUL; here it is a byte like any other, as in v3, so nothing hides behind it.

import { lowerByte } from '../../base/ascii.ts';
import { fromByteString, toByteString } from '../../base/bytes.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

const KEEP = 0;
const DELETE = 1;
const SEPARATE = 2;
/** Takes a blank before it away. */
const CLOSE_UP = 3;

const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => lowerByte(byte));

const KINDS: Uint8Array = (() => {
  const kinds = new Uint8Array(256).fill(KEEP);
  for (const char of '"\'\\^') kinds[char.charCodeAt(0)] = DELETE;
  for (const char of ' ,;\t\r\n') kinds[char.charCodeAt(0)] = SEPARATE;
  for (const char of '/(') kinds[char.charCodeAt(0)] = CLOSE_UP;
  return kinds;
})();

export const cmdLine: Transformation = Object.freeze({
  name: 'cmdLine',
  summary: 'undoes shell quoting and separators',
  alters: '"\'\\^ ,;\t\r\n\0ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  adds: () => ' abcdefghijklmnopqrstuvwxyz',
  recases: () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  growth: () => 1,
  deletes: () => '"\'\\^ ,;\t\r\n',
  apply: (written: string, { behaviour }: TransformationEnvironment) => {
    const nul = behaviour?.cmdLineNul === 'cut' ? written.indexOf('\0') : -1;
    const value = nul < 0 ? written : written.slice(0, nul);
    if (!/["'\\^,;\t\r\nA-Z]| [ /(]/.test(value)) return value;
    const bytes = fromByteString(value);
    let write = 0;
    let blank = false;
    for (let read = 0; read < bytes.length; read++) {
      const byte = bytes[read]!;
      const kind = KINDS[byte]!;
      if (kind === KEEP) {
        blank = false;
        bytes[write++] = LOWER[byte]!;
        continue;
      }
      if (kind === DELETE) continue;
      if (kind === SEPARATE) {
        if (!blank) bytes[write++] = 0x20;
        blank = true;
        continue;
      }
      if (blank) write--;
      blank = false;
      bytes[write++] = byte;
    }
    return toByteString(bytes, write);
  },
});
