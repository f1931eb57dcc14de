// Austrian social insurance numbers: order, check digit, birth date.

import { isSvnr, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

const WEIGHTS: readonly number[] = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];

export const atSvnr: DataType = defineIdentifier({
  name: 'at-svnr',
  summary: 'Austrian social insurance numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['9999 999999'],
  contextual: ['9999999999', '9999-999999'],
  context: [
    'svnr',
    'sv nummer',
    'sv nr',
    'sozialversicherungsnummer',
    'versicherungsnummer',
    'vsnr',
  ],
  isValid: (_code, digits) =>
    digits[0] !== 0 &&
    // Where all days are taken the month runs on to 15.
    isDay(
      digits[8]! * 10 + digits[9]!,
      Math.min(digits[6]! * 10 + digits[7]!, 12),
      digits[4]! * 10 + digits[5]!,
    ) &&
    isSvnr(digits) &&
    // A sum of 10 has no digit: @verifySVNR takes 0 for it, but no such number is given.
    weightedSum(digits, WEIGHTS) % 11 !== 10,
});
