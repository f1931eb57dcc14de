// t:uppercase. ASCII letters only; bytes from 0x80 up stay as they are. Unknown to ModSecurity v2.

import { asciiUpper } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const uppercase: Transformation = Object.freeze({
  name: 'uppercase',
  summary: 'ASCII letters to upper case',
  apply: asciiUpper,
});
