// t:removeNulls. Deletes NUL bytes.

import { withoutByte } from '../../base/bytes.ts';
import type { Transformation } from '../../model/transformation.ts';

export const removeNulls: Transformation = Object.freeze({
  name: 'removeNulls',
  summary: 'deletes NUL bytes',
  alters: '\0',
  adds: () => '',
  growth: () => 1,
  deletes: () => '\0',
  apply: (value: string) => withoutByte(value, 0),
});
