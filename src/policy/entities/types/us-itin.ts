// US individual taxpayer numbers: like social security numbers, from 900 up, with groups of their own.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const usItin: DataType = defineIdentifier({
  name: 'us-itin',
  summary: 'US individual taxpayer identification numbers',
  sets: ['national-id', 'pii'],
  evidence: 'format',
  rank: 60,
  shapes: ['999-99-9999'],
  contextual: ['999 99 9999', '999999999'],
  context: ['itin', 'taxpayer', 'tax id', 'taxpayer id', 'tin'],
  isValid: (code) => {
    const group = Number(code.slice(3, 5));
    if (code.charAt(0) !== '9') return false;
    return (
      (group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group !== 89 && group !== 93)
    );
  },
});
