// t:replaceNulls. NUL bytes become blanks.

import type { Transformation } from '../../model/transformation.ts';

export const replaceNulls: Transformation = Object.freeze({
  name: 'replaceNulls',
  summary: 'NUL bytes to blanks',
  alters: '\0',
  apply: (value: string) => (value.includes('\0') ? value.replaceAll('\0', ' ') : value),
});
