// Romanian personal numeric codes: sex and century, birth date, county, check digit.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const roCnp: DataType = defineIdentifier({
  name: 'ro-cnp',
  summary: 'Romanian CNP numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['9999999999999'],
  context: ['cnp', 'cod numeric personal'],
  isValid: (code, digits) => {
    const day = isDay(Number(code.slice(1, 3)), Number(code.slice(3, 5)), Number(code.slice(5, 7)));
    const rest = weightedSum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return digits[0] !== 0 && day && digits[12] === (rest === 10 ? 1 : rest);
  },
});
