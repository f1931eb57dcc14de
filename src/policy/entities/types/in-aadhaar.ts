// Indian Aadhaar numbers: twelve digits, none begins with 0 or 1, Verhoeff.

import { isRepeated, passesVerhoeff } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const inAadhaar: DataType = defineIdentifier({
  name: 'in-aadhaar',
  summary: 'Indian Aadhaar numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['9999 9999 9999', '9999-9999-9999'],
  contextual: ['999999999999'],
  context: ['aadhaar', 'aadhar', 'adhaar', 'uidai', 'uid', 'aadhaar number', 'aadhaar no'],
  isValid: (_code, digits) => digits[0]! > 1 && !isRepeated(digits) && passesVerhoeff(digits),
});
