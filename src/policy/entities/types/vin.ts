// Vehicle identification numbers (ISO 3779): seventeen characters without I, O and Q. Only numbers
// with the check digit of North America and China are found: any capitals could be another.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const WEIGHTS: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const VALUES = '12345678123457923456789';

export const vin: DataType = defineIdentifier({
  name: 'vin',
  summary: 'vehicle identification numbers',
  sets: ['vehicle', 'pii'],
  evidence: 'checksum',
  rank: 55,
  shapes: ['xxxxxxxxxxxxxxxxx'],
  isValid: (code, digits) => {
    if (/[IOQ]/.test(code) || digits.length < 3 || digits.length > 15) return false;
    let sum = 0;
    for (let at = 0; at < 17; at++) sum += transliterated(code.charAt(at)) * WEIGHTS[at]!;
    return '0123456789X'.charAt(sum % 11) === code.charAt(8);
  },
});

function transliterated(char: string): number {
  const letter = LETTERS.indexOf(char);
  return letter < 0 ? Number(char) : Number(VALUES.charAt(letter));
}
