// US drug enforcement registrations of prescribers: two letters, six digits, a check digit; only where they are
// called so.

import { digitsOf, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const usDea: DataType = defineIdentifier({
  name: 'us-dea',
  summary: 'US DEA registration numbers',
  sets: ['health'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['UU9999999', 'U99999999'],
  context: ['dea', 'dea number', 'dea no', 'dea registration'],
  isValid: (code) => {
    const digits = digitsOf(code.slice(2));
    return (
      /^[ABCDEFGHJKLMPRSTUX][A-Z9]/.test(code) &&
      digits[6] === weightedSum(digits, [1, 2, 1, 2, 1, 2]) % 10
    );
  },
});
