// @verifyCC. A number that the pattern finds passes the Luhn check of payment cards.

import type { OperatorDefinition } from '../../model/operator.ts';
import { verifyNumbers } from './verify.ts';

export const verifyCC: OperatorDefinition = verifyNumbers({
  name: 'verifyCC',
  summary: 'the value holds a payment card number',
  label: 'CC',
  isValid: (digits) => {
    let sum = 0;
    for (let at = digits.length - 1, doubled = false; at >= 0; at--, doubled = !doubled) {
      const digit = digits[at]! * (doubled ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return digits.length > 0 && sum % 10 === 0;
  },
});
