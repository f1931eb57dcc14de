// Finnish personal identity codes: birth date, a sign for the century, order, and a character for the number
// modulo 31.

import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

const CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

export const fiHetu: DataType = defineIdentifier({
  name: 'fi-hetu',
  summary: 'Finnish personal identity codes',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  // The sign in the middle is that of the century.
  canonical: (value) => value,
  shapes: ['999999-999X', '999999+999X', '999999X999X'],
  isValid: (code, _digits, value) => {
    if (!'+-ABCDEFYXWVU'.includes(value.charAt(6))) return false;
    const number = code.slice(0, 6) + value.slice(7, 10);
    const day = isDay(Number(code.slice(4, 6)), Number(code.slice(2, 4)), Number(code.slice(0, 2)));
    return day && CHECKS.charAt(Number(number) % 31) === code.slice(-1);
  },
});
