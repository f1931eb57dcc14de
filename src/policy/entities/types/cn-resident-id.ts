// Chinese resident identity numbers: place, birth date, order, ISO 7064 MOD 11-2.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

const WEIGHTS: readonly number[] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export const cnResidentId: DataType = defineIdentifier({
  name: 'cn-resident-id',
  summary: 'Chinese resident identity numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99999999999999999X'],
  isValid: (code, digits) => {
    const year = Number(code.slice(6, 10));
    if (year < 1880 || year > 2100) return false;
    if (!isDay(year, Number(code.slice(10, 12)), Number(code.slice(12, 14)))) return false;
    return '10X98765432'.charAt(weightedSum(digits.slice(0, 17), WEIGHTS) % 11) === code.charAt(17);
  },
});
