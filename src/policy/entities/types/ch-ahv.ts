// Swiss social insurance numbers: thirteen digits behind the country's 756, with the check digit of bar codes.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const chAhv: DataType = defineIdentifier({
  name: 'ch-ahv',
  summary: 'Swiss AHV numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['999.9999.9999.99', '9999999999999'],
  isValid: (code, digits) =>
    code.startsWith('756') &&
    weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
});
