// Australian Medicare card numbers: eight digits, a check digit and an issue number.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const auMedicare: DataType = defineIdentifier({
  name: 'au-medicare',
  summary: 'Australian Medicare numbers',
  sets: ['health', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['9999 99999 9', '9999999999', '99999999999'],
  context: ['medicare', 'medicare number', 'medicare no', 'medicare card'],
  isValid: (_code, digits) =>
    digits[0]! >= 2 &&
    digits[0]! <= 6 &&
    digits[8] === weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10,
});
