// UK health service numbers: modulo 11; written like telephone numbers, so only where they are called so.

import { isRepeated, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const ukNhs: DataType = defineIdentifier({
  name: 'uk-nhs',
  summary: 'UK NHS numbers',
  sets: ['health', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['999 999 9999', '999-999-9999', '9999999999'],
  context: ['nhs', 'nhs number', 'nhs no'],
  isValid: (_code, digits) => {
    const check = 11 - (weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
    return !isRepeated(digits) && digits[9] === check % 11;
  },
});
