// Dutch citizen service numbers: nine digits and the test by eleven, which one number in eleven passes, so only
// where they are called so.

import { isRepeated, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const nlBsn: DataType = defineIdentifier({
  name: 'nl-bsn',
  summary: 'Dutch citizen service numbers (BSN)',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['999999999', '9999.99.999', '9999 99 999'],
  context: [
    'bsn',
    'burgerservicenummer',
    'burger service nummer',
    'sofinummer',
    'sofi nummer',
    'citizen service number',
  ],
  isValid: (_code, digits) =>
    !isRepeated(digits) && weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
});
