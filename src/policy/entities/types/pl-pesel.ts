// Polish population numbers: birth date with the century in the month, and a check digit.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const plPesel: DataType = defineIdentifier({
  name: 'pl-pesel',
  summary: 'Polish PESEL numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['99999999999'],
  context: ['pesel', 'numer pesel', 'nr pesel'],
  isValid: (_code, digits) => {
    const month = digits[2]! * 10 + digits[3]!;
    return (
      isDay(digits[0]! * 10 + digits[1]!, month % 20, digits[4]! * 10 + digits[5]!) &&
      weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
    );
  },
});
