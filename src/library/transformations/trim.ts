// t:trim. ASCII white space goes at both ends.

import { asciiTrim } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const trim: Transformation = Object.freeze({
  name: 'trim',
  summary: 'deletes white space at both ends',
  alters: '\t\n\v\f\r ',
  adds: () => '',
  growth: () => 1,
  deletes: () => '\t\n\v\f\r ',
  apply: asciiTrim,
});
