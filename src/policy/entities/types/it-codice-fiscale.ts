// Italian tax codes of people: name, birth, place and a check letter. Where two people had the same code, digits
// were replaced by letters.

import { alphanumericValue } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const MONTHS = 'ABCDEHLMPRST';
const DIGIT_PLACES: readonly number[] = [6, 7, 9, 10, 12, 13, 14];
const DIGITS = /[0-9LMNPQRSTUV]/;
/** What a letter, or the digit of the same rank, counts in an odd place. */
const ODD: readonly number[] = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

export const itCodiceFiscale: DataType = defineIdentifier({
  name: 'it-codice-fiscale',
  summary: 'Italian codice fiscale',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['AAAAAAXXAXXAXXXA'],
  isValid: (code) => {
    if (
      !MONTHS.includes(code.charAt(8)) ||
      !DIGIT_PLACES.every((at) => DIGITS.test(code.charAt(at)))
    ) {
      return false;
    }
    let sum = 0;
    for (let at = 0; at < 15; at++) {
      const value = alphanumericValue(code.charCodeAt(at));
      const place = value < 10 ? value : value - 10;
      sum += at % 2 === 0 ? ODD[place]! : place;
    }
    return sum % 26 === code.charCodeAt(15) - 0x41;
  },
});
