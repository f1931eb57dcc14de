// South African identity numbers: birth date, order, citizenship, Luhn. Without groups they look like times in
// milliseconds and bar codes, so these need a name in front.

import { passesLuhn } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const zaId: DataType = defineIdentifier({
  name: 'za-id',
  summary: 'South African identity numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['999999 9999 999'],
  contextual: ['9999999999999'],
  context: [
    'id number',
    'id no',
    'identity number',
    'sa id',
    'rsa id',
    'south african id',
    'idnumber',
  ],
  isValid: (_code, digits) =>
    isDay(
      digits[0]! * 10 + digits[1]!,
      digits[2]! * 10 + digits[3]!,
      digits[4]! * 10 + digits[5]!,
    ) &&
    digits[10]! <= 2 &&
    passesLuhn(digits),
});
