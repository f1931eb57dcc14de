// Canadian social insurance numbers: Luhn, none begins with 0 or 8. Groups of three with blanks are also how large
// numbers are written, so these need a name in front.

import { isRepeated, passesLuhn } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const caSin: DataType = defineIdentifier({
  name: 'ca-sin',
  summary: 'Canadian social insurance numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['999-999-999'],
  contextual: ['999 999 999', '999999999'],
  context: [
    'sin',
    'social insurance',
    'social insurance number',
    'sin number',
    'numero d assurance sociale',
    'nas',
  ],
  isValid: (_code, digits) =>
    digits[0] !== 0 && digits[0] !== 8 && !isRepeated(digits) && passesLuhn(digits),
});
