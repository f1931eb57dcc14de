// UK national insurance numbers: no check digit, but letters and pairs that are never used.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const ukNino: DataType = defineIdentifier({
  name: 'uk-nino',
  summary: 'UK national insurance numbers',
  sets: ['national-id', 'pii'],
  evidence: 'format',
  rank: 60,
  shapes: ['UU999999U', 'UU 99 99 99 U', 'UU-99-99-99-U', 'UU999999 U'],
  isValid: (code) =>
    !'DFIQUV'.includes(code.charAt(0)) &&
    !'DFIOQUV'.includes(code.charAt(1)) &&
    !['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'].includes(code.slice(0, 2)) &&
    'ABCD'.includes(code.charAt(8)),
});
