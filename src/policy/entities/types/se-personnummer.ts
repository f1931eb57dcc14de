// Swedish personal and coordination numbers: birth date, Luhn over the last ten digits. Coordination numbers add 60
// to the day; a plus stands for more than a hundred years of age.

import { passesLuhn } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const sePersonnummer: DataType = defineIdentifier({
  name: 'se-personnummer',
  summary: 'Swedish personal identity numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  // The sign in the middle is that of the century.
  canonical: (value) => value,
  shapes: ['999999-9999', '99999999-9999', '999999+9999'],
  contextual: ['9999999999', '999999999999'],
  context: ['personnummer', 'person nummer', 'samordningsnummer', 'pnr', 'swedish id'],
  isValid: (_code, digits) => {
    const ten = digits.slice(-10);
    const day = ten[4]! * 10 + ten[5]!;
    const exists = isDay(ten[0]! * 10 + ten[1]!, ten[2]! * 10 + ten[3]!, day > 60 ? day - 60 : day);
    return exists && passesLuhn(ten);
  },
});
