// Spanish identity numbers of citizens (DNI) and foreigners (NIE): a letter for the number modulo 23.

import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

export const esDni: DataType = defineIdentifier({
  name: 'es-dni',
  summary: 'Spanish DNI and NIE numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99999999A', '99999999-A', '99.999.999-A', 'A9999999A', 'A-9999999-A'],
  isValid: (code) => {
    const foreign = 'XYZ'.indexOf(code.charAt(0));
    if (foreign < 0 && !/^[0-9]/.test(code)) return false;
    const number = Number((foreign < 0 ? code.charAt(0) : String(foreign)) + code.slice(1, 8));
    return LETTERS.charAt(number % 23) === code.charAt(8);
  },
});
