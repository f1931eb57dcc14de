// Chilean RUT numbers: modulo 11, K standing for 10.

import { digitsOf, isRepeated, isRut } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier } from '../identifier.ts';

export const clRut: DataType = defineIdentifier({
  name: 'cl-rut',
  summary: 'Chilean RUT numbers',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['99.999.999-X', '9.999.999-X'],
  contextual: ['99999999-X', '9999999-X', '99999999X'],
  context: ['rut', 'run', 'rol unico tributario'],
  isValid: (code) => {
    const digits = digitsOf(code.slice(0, -1));
    return (
      digits.length === code.length - 1 && !isRepeated(digits) && isRut(digits, code.slice(-1))
    );
  },
});
