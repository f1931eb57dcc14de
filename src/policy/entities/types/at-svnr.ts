// Austrian social insurance numbers: order, check digit, birth date.

import { isSvnr } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

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
    isSvnr(digits),
});
