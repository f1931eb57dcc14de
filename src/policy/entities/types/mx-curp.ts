// Mexican population codes: name, birth, sex, state, and a check digit.

import { alphanumericValue } from '../../../base/checksum.ts';
import type { DataType } from '../data-type.ts';
import { defineIdentifier, isDay } from '../identifier.ts';

export const mxCurp: DataType = defineIdentifier({
  name: 'mx-curp',
  summary: 'Mexican CURP codes',
  sets: ['national-id', 'pii'],
  evidence: 'checksum',
  rank: 60,
  shapes: ['UUUU999999UUUUUUx9'],
  isValid: (code, digits) => {
    if (!'HMX'.includes(code.charAt(10))) return false;
    if (!isDay(Number(code.slice(4, 6)), Number(code.slice(6, 8)), Number(code.slice(8, 10))))
      return false;
    let sum = 0;
    for (let at = 0; at < 17; at++) {
      const value = alphanumericValue(code.charCodeAt(at));
      // The alphabet has an N with tilde behind N.
      sum += (value > 23 ? value + 1 : value) * (18 - at);
    }
    return (10 - (sum % 10)) % 10 === digits.at(-1);
  },
});
