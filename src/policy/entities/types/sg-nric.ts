// Singapore identity numbers of citizens (S, T) and foreigners (F, G, M): weights, an offset for the newer
// series, a letter.

import { weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const SERIES: Readonly<Record<string, { readonly offset: number; readonly letters: string }>> = {
  S: { offset: 0, letters: 'JZIHGFEDCBA' },
  T: { offset: 4, letters: 'JZIHGFEDCBA' },
  F: { offset: 0, letters: 'XWUTRQPNMLK' },
  G: { offset: 4, letters: 'XWUTRQPNMLK' },
  M: { offset: 3, letters: 'XWUTRQPNJLK' },
};

export const sgNric: DataType = defineIdentifier({
  name: 'sg-nric',
  summary: 'Singapore NRIC and FIN numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['U9999999U'],
  isValid: (code, digits) => {
    const series = SERIES[code.charAt(0)];
    if (series === undefined) return false;
    const sum = weightedSum(digits, [2, 7, 6, 5, 4, 3, 2]) + series.offset;
    return series.letters.charAt(sum % 11) === code.charAt(8);
  },
});
