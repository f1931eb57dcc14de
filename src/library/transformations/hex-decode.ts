// t:hexDecode. Takes every two chars for hexadecimal digits, unchecked; a last odd one is dropped.
//
// Coraza keeps the value when it is not clean; ModSecurity decodes whatever stands there, and rules that
// look at the result rely on getting one.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { uncheckedHexByte } from '../../base/hex.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

export const hexDecode: Transformation = Object.freeze({
  name: 'hexDecode',
  summary: 'pairs of hexadecimal digits to bytes',
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    if (value === '') return value;
    if (behaviour?.brokenHex === 'kept' && !/^(?:[0-9A-Fa-f]{2})*$/.test(value)) return value;
    const bytes = fromByteString(value);
    const length = bytes.length >> 1;
    for (let at = 0; at < length; at++) {
      bytes[at] = uncheckedHexByte(bytes[at * 2]!, bytes[at * 2 + 1]!);
    }
    return toByteString(bytes, length);
  },
});
