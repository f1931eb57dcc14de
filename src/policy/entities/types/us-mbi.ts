// US Medicare beneficiary identifiers: a pattern of digits and letters, without S, L, O, I, B and Z.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const usMbi: DataType = defineIdentifier({
  name: 'us-mbi',
  summary: 'US Medicare beneficiary identifiers',
  sets: ['health', 'pii'],
  evidence: 'format',
  rank: 60,
  shapes: ['9Ux9-Ux9-UU99', '9Ux9Ux9UU99'],
  isValid: (code) => code.charAt(0) !== '0' && !/[SLOIBZ]/.test(code),
});
