// @verifyCPF. A number that the pattern finds is a Brazilian CPF: eleven digits, the last two a check.

import type { OperatorDefinition } from '../../model/operator.ts';
import { isAscending, isRepeated, verifyNumbers, weightedSum } from './verify.ts';

export const verifyCPF: OperatorDefinition = verifyNumbers({
  name: 'verifyCPF',
  summary: 'the value holds a Brazilian taxpayer number',
  label: 'CPF',
  isValid: (digits) =>
    digits.length === 11 &&
    !isRepeated(digits) &&
    !(digits[0] === 0 && isAscending(digits)) &&
    digits[9] === checkDigit(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) &&
    digits[10] === checkDigit(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])),
});

function checkDigit(sum: number): number {
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}
