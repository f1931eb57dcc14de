// US social security numbers: no check digit, but areas 000, 666 and 900-999, group 00 and serial 0000 are
// never given, nor are numbers that were printed in advertisements.
//
// @verifySSN still refuses areas from 740 up, as before 2011; here the numbers in use today count.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const PRINTED: readonly string[] = ['078051120', '219099999', '111111111', '123456789'];

export const usSsn: DataType = defineIdentifier({
  name: 'us-ssn',
  summary: 'US social security numbers',
  sets: ['national-id', 'pii'],
  evidence: 'format',
  rank: 60,
  shapes: ['999-99-9999'],
  contextual: ['999 99 9999', '999999999'],
  context: [
    'ssn',
    'social security',
    'social security number',
    'social security no',
    'soc sec',
    'tax id',
    'itin or ssn',
  ],
  isValid: (code) => {
    const area = Number(code.slice(0, 3));
    if (area === 0 || area === 666 || area >= 900) return false;
    return code.slice(3, 5) !== '00' && code.slice(5) !== '0000' && !PRINTED.includes(code);
  },
});
