// t:length. The number of bytes, in decimal.

import type { Transformation } from '../../model/transformation.ts';

export const length: Transformation = Object.freeze({
  name: 'length',
  summary: 'the number of bytes, in decimal',
  apply: (value: string) => String(value.length),
});
