// t:lowercase. ASCII letters only; bytes from 0x80 up stay as they are; Coraza knows all letters.

import { asciiLower, lowerByte } from '../../base/ascii.ts';
import { withBytesMapped } from '../../base/bytes.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { HIGH_BYTES, lowerCodePoint, mapCodePoints } from './code-points.ts';

/** Longer values are faster put through a table than strung together, where V8 would change other letters, too. */
const LONG = 128;

const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => lowerByte(byte));

export const lowercase: Transformation = Object.freeze({
  name: 'lowercase',
  summary: 'ASCII letters to lower case',
  alters: `ABCDEFGHIJKLMNOPQRSTUVWXYZ${HIGH_BYTES}`,
  adds: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points'
      ? `abcdefghijklmnopqrstuvwxyz${HIGH_BYTES}`
      : 'abcdefghijklmnopqrstuvwxyz',
  recases: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points'
      ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
      : `ABCDEFGHIJKLMNOPQRSTUVWXYZ${HIGH_BYTES}`,
  deletes: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points' ? undefined : '',
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    if (value.length < LONG) {
      return behaviour?.letters === 'code-points' && /[\x80-\xff]/.test(value)
        ? mapCodePoints(value, lowerCodePoint)
        : asciiLower(value);
    }
    const isAscii = !/[\x80-\xff]/.test(value);
    if (!isAscii && behaviour?.letters === 'code-points') {
      return mapCodePoints(value, lowerCodePoint);
    }
    if (!/[A-Z]/.test(value)) return value;
    return isAscii ? value.toLowerCase() : withBytesMapped(value, LOWER);
  },
});
