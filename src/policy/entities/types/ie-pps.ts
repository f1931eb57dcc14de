// Irish personal public service numbers: seven digits and a letter modulo 23, which a second letter counts into.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const iePps: DataType = defineIdentifier({
  name: 'ie-pps',
  summary: 'Irish PPS numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['9999999U', '9999999UU'],
  context: ['pps', 'ppsn', 'pps number', 'pps no', 'personal public service'],
  isValid: (code, digits) => {
    const second = code.length > 8 && code.charAt(8) !== 'W' ? code.charCodeAt(8) - 0x40 : 0;
    const sum = weightedSum(digits, [8, 7, 6, 5, 4, 3, 2]) + second * 9;
    return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23) === code.charAt(7);
  },
});
