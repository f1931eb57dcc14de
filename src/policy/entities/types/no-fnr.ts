// Norwegian birth numbers: birth date, order, two check digits. D numbers add 40 to the day, synthetic ones 40 or
// 80 to the month.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const noFnr: DataType = defineIdentifier({
  name: 'no-fnr',
  summary: 'Norwegian birth numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['999999 99999'],
  contextual: ['99999999999'],
  context: [
    'fodselsnummer',
    'f\xc3\xb8dselsnummer',
    'fnr',
    'personnummer',
    'd nummer',
    'birth number',
  ],
  isValid: (_code, digits) => {
    const day = (digits[0]! * 10 + digits[1]!) % 40;
    const month = (digits[2]! * 10 + digits[3]!) % 40;
    return (
      isDay(digits[4]! * 10 + digits[5]!, month, day) &&
      weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
      weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
    );
  },
});
