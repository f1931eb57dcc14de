// t:replaceNulls. NUL bytes become blanks.

import { withByteReplaced } from '../../base/bytes.ts';
import type { Transformation } from '../../model/transformation.ts';

const BLANK = 0x20;

export const replaceNulls: Transformation = Object.freeze({
  name: 'replaceNulls',
  summary: 'NUL bytes to blanks',
  alters: '\0',
  apply: (value: string) => withByteReplaced(value, 0, BLANK),
});
