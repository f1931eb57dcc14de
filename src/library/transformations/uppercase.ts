// t:uppercase. ASCII letters only; bytes from 0x80 up stay as they are; Coraza knows all letters. Unknown to ModSecurity v2.

import { asciiUpper } from '../../base/ascii.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { HIGH_BYTES, mapCodePoints, upperCodePoint } from './code-points.ts';

export const uppercase: Transformation = Object.freeze({
  name: 'uppercase',
  summary: 'ASCII letters to upper case',
  alters: `abcdefghijklmnopqrstuvwxyz${HIGH_BYTES}`,
  recases: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points'
      ? 'abcdefghijklmnopqrstuvwxyz'
      : `abcdefghijklmnopqrstuvwxyz${HIGH_BYTES}`,
  deletes: (behaviour: Behaviour | undefined) =>
    behaviour?.letters === 'code-points' ? undefined : '',
  apply: (value: string, { behaviour }: TransformationEnvironment) =>
    behaviour?.letters === 'code-points' && /[\x80-\xff]/.test(value)
      ? mapCodePoints(value, upperCodePoint)
      : asciiUpper(value),
});
