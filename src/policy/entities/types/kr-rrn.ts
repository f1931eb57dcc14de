// Korean resident registration numbers: birth date, sex and century. Those given since October 2020 have no check
// digit any more.

import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const krRrn: DataType = defineIdentifier({
  name: 'kr-rrn',
  summary: 'South Korean resident registration numbers',
  sets: ['national-id', 'pii'],
  evidence: 'format',
  rank: 60,
  shapes: ['999999-9999999'],
  isValid: (code) =>
    /^[1-8]$/.test(code.charAt(6)) &&
    isDay(Number(code.slice(0, 2)), Number(code.slice(2, 4)), Number(code.slice(4, 6))),
});
