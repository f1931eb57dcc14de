// French social security numbers: sex, year, month, place, order, and 97 less the number modulo 97. In Corsica
// the department has a letter.

import { digitsOf, remainder } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const frNir: DataType = defineIdentifier({
  name: 'fr-nir',
  summary: 'French social security numbers (NIR)',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99999xx99999999', '9 99 99 xx 999 999 99'],
  isValid: (code) => {
    const month = Number(code.slice(3, 5));
    if (!/^[123478]/.test(code) || month < 1 || (month > 12 && month < 20)) return false;
    if (!/^(?:[0-9]{2}|2[AB])$/.test(code.slice(5, 7))) return false;
    const plain = code.slice(0, 13).replace('2A', '19').replace('2B', '18');
    return 97 - remainder(digitsOf(plain), 97) === Number(code.slice(13));
  },
});
