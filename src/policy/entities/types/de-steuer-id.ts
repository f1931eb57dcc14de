// German tax numbers of people: in the first ten digits one occurs twice or three times and the others once at
// most; the last is ISO 7064 MOD 11,10.

import { passesMod11And10 } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const deSteuerId: DataType = defineIdentifier({
  name: 'de-steuer-id',
  summary: 'German tax identification numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99 999 999 999'],
  contextual: ['99999999999'],
  context: [
    'steuer id',
    'steuerid',
    'idnr',
    'id nr',
    'steuer identifikationsnummer',
    'steueridentifikationsnummer',
    'identifikationsnummer',
    'steuernummer',
    'tax id',
    'tin',
  ],
  isValid: (_code, digits) => {
    if (digits[0] === 0 || !passesMod11And10(digits)) return false;
    const counts = new Map<number, number>();
    for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    const repeated = [...counts.values()].filter((count) => count > 1);
    return repeated.length === 1 && repeated[0]! <= 3;
  },
});
