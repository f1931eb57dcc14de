// US bank routing numbers (ABA): Federal Reserve district, weights 3, 7, 1; nine digits that any number could be,
// so only where they are called so.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const usBankRouting: DataType = defineIdentifier({
  name: 'us-bank-routing',
  summary: 'US bank routing numbers (ABA) behind their name',
  sets: ['financial'],
  evidence: 'context',
  rank: 50,
  contextual: ['999999999', '9999-9999-9'],
  context: [
    'routing',
    'routing number',
    'routing no',
    'aba',
    'aba number',
    'rtn',
    'routing transit number',
    'bank routing',
  ],
  isValid: (_code, digits) => {
    const district = digits[0]! * 10 + digits[1]!;
    const known =
      district <= 12 ||
      (district >= 21 && district <= 32) ||
      (district >= 61 && district <= 72) ||
      district === 80;
    return known && district > 0 && weightedSum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
  },
});
