// Brazilian taxpayer numbers of companies: twelve digits or, since July 2026, letters, and two check digits.
// A character counts as its ASCII code less 48.

import { elevenLess, isRepeated, weightedSum } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const WEIGHTS: readonly number[] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

export const brCnpj: DataType = defineIdentifier({
  name: 'br-cnpj',
  summary: 'Brazilian CNPJ numbers',
  sets: ['national-id'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['xx.xxx.xxx/xxxx-99'],
  contextual: ['xxxxxxxxxxxx99'],
  context: ['cnpj', 'cadastro nacional'],
  isValid: (code) => {
    const values = Array.from(code, (char) => char.charCodeAt(0) - 0x30);
    if (isRepeated(values)) return false;
    return (
      values[12] === elevenLess(weightedSum(values, WEIGHTS.slice(1))) &&
      values[13] === elevenLess(weightedSum(values, WEIGHTS))
    );
  },
});
