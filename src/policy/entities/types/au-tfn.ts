// Australian tax file numbers: a weighted sum that eleven divides; only where they are called so.

import { isRepeated, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const auTfn: DataType = defineIdentifier({
  name: 'au-tfn',
  summary: 'Australian tax file numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['999 999 999', '999-999-999', '999999999'],
  context: ['tfn', 'tax file number', 'tax file no', 'tfn number'],
  isValid: (_code, digits) =>
    !isRepeated(digits) && weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
});
