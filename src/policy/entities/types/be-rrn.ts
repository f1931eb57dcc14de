// Belgian national register numbers: birth date, order, and 97 less the number modulo 97, a 2 in front of it for
// those born from 2000 on.

import { remainder } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const beRrn: DataType = defineIdentifier({
  name: 'be-rrn',
  summary: 'Belgian national register numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99.99.99-999.99', '99.99.99-999-99'],
  contextual: ['99999999999'],
  context: [
    'rijksregisternummer',
    'registre national',
    'numero national',
    'nationaal nummer',
    'rrn',
    'niss',
    'insz',
  ],
  isValid: (_code, digits) => {
    const check = digits[9]! * 10 + digits[10]!;
    const number = digits.slice(0, 9);
    return 97 - remainder(number, 97) === check || 97 - remainder([2, ...number], 97) === check;
  },
});
