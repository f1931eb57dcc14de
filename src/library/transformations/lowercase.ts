// t:lowercase. ASCII letters only; bytes from 0x80 up stay as they are; Coraza knows all letters.

import { asciiLower } from '../../base/ascii.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { HIGH_BYTES, lowerCodePoint, mapCodePoints } from './code-points.ts';

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
  apply: (value: string, { behaviour }: TransformationEnvironment) =>
    behaviour?.letters === 'code-points' && /[\x80-\xff]/.test(value)
      ? mapCodePoints(value, lowerCodePoint)
      : asciiLower(value),
});
