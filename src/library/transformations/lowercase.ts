// t:lowercase. ASCII letters only; bytes from 0x80 up stay as they are.

import { asciiLower } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const lowercase: Transformation = Object.freeze({
  name: 'lowercase',
  summary: 'ASCII letters to lower case',
  apply: asciiLower,
});
