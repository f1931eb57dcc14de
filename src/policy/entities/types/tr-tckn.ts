// Turkish identity numbers: two check digits; only where they are called so.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const trTckn: DataType = defineIdentifier({
  name: 'tr-tckn',
  summary: 'Turkish identity numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['99999999999'],
  context: [
    'tckn',
    'tc kimlik',
    'tc kimlik no',
    'kimlik no',
    'kimlik numarasi',
    'tc no',
    'turkish id',
  ],
  isValid: (_code, digits) => {
    const odd = digits[0]! + digits[2]! + digits[4]! + digits[6]! + digits[8]!;
    const even = digits[1]! + digits[3]! + digits[5]! + digits[7]!;
    const first = (((odd * 7 - even) % 10) + 10) % 10;
    return digits[0] !== 0 && digits[9] === first && digits[10] === (odd + even + first) % 10;
  },
});
