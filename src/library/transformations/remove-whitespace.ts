// t:removeWhitespace. White space goes, with A0 and the whole of C2 A0 (the same in UTF-8).
//
// v2 leaves a stray C2 behind and v3 deletes every C2, which breaks other UTF-8 letters. Coraza reads code points.

import { isAsciiSpace } from '../../base/ascii.ts';
import { fromByteString, toByteString } from '../../base/bytes.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { HIGH_BYTES, mapCodePoints } from './code-points.ts';

// White space of Unicode.
const SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** 1 for each byte that stays, where no A0 is. */
const KEPT: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  isAsciiSpace(byte) ? 0 : 1,
);

function isSpace(code: number): boolean {
  return code < 0x10000 && SPACE.test(String.fromCharCode(code));
}

export const removeWhitespace: Transformation = Object.freeze({
  name: 'removeWhitespace',
  summary: 'deletes white space',
  alters: `\t\n\v\f\r ${HIGH_BYTES}`,
  // A byte that is no part of a code point becomes U+FFFD.
  adds: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points' ? HIGH_BYTES : '',
  growth: (behaviour: Behaviour | undefined) => (behaviour?.letters === 'code-points' ? 3 : 1),
  deletes: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points' ? undefined : '\t\n\v\f\r \xa0\xc2',
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    if (behaviour?.letters === 'code-points' && /[^!-~]/.test(value)) {
      return mapCodePoints(value, (code) => (isSpace(code) ? -1 : code));
    }
    const c2 = behaviour?.c2;
    if (c2 === 'deleted') return value.replace(/[\t-\r \xa0\xc2]+/g, '');
    const first = value.search(/[\t-\r \xa0]/);
    if (first < 0) return value;
    const bytes = fromByteString(value);
    let write = first;
    if (!value.includes('\xa0')) {
      // Without a branch: where words end is what the processor cannot guess.
      for (let read = first; read < bytes.length; read++) {
        const byte = bytes[read]!;
        bytes[write] = byte;
        write += KEPT[byte]!;
      }
      return toByteString(bytes, write);
    }
    for (let read = first; read < bytes.length; read++) {
      const byte = bytes[read]!;
      if (byte === 0xa0) {
        if (c2 !== 'kept' && write > 0 && bytes[read - 1] === 0xc2) write--;
      } else if (!isAsciiSpace(byte)) bytes[write++] = byte;
    }
    return toByteString(bytes, write);
  },
});
