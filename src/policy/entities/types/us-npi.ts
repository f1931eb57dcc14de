// US national provider identifiers: Luhn with 80840 in front; only where they are called so.

import { passesLuhn } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const usNpi: DataType = defineIdentifier({
  name: 'us-npi',
  summary: 'US national provider identifiers',
  sets: ['health'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['9999999999'],
  context: ['npi', 'npi number', 'national provider identifier', 'provider id'],
  isValid: (_code, digits) =>
    digits[0]! <= 2 && digits[0]! >= 1 && passesLuhn([8, 0, 8, 4, 0, ...digits]),
});
