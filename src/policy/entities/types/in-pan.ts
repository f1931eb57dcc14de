// Indian permanent account numbers: the fourth letter is the kind of holder; how the last one checks is not
// published.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const inPan: DataType = defineIdentifier({
  name: 'in-pan',
  summary: 'Indian PAN numbers',
  sets: ['national-id', 'pii'],
  evidence: 'format',
  rank: 50,
  shapes: ['UUUUU9999U'],
  isValid: (code) => 'ABCEFGHJKLPT'.includes(code.charAt(3)) && code.slice(5, 9) !== '0000',
});
