// Croatian identification numbers: eleven digits, ISO 7064 MOD 11,10; only where they are called so.

import { passesMod11And10 } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const hrOib: DataType = defineIdentifier({
  name: 'hr-oib',
  summary: 'Croatian OIB numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  contextual: ['99999999999'],
  context: ['oib', 'osobni identifikacijski broj'],
  isValid: (_code, digits) => passesMod11And10(digits),
});
