// @verifySVNR. A number that the pattern finds is an Austrian social insurance number: ten digits, the
// fourth a check.

import type { OperatorDefinition } from '../../model/operator.ts';
import { isAscending, isRepeated, verifyNumbers, weightedSum } from './verify.ts';

const WEIGHTS: readonly number[] = Object.freeze([3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);

export const verifySVNR: OperatorDefinition = verifyNumbers({
  name: 'verifySVNR',
  summary: 'the value holds an Austrian social insurance number',
  label: 'SVNR',
  isValid: (digits) => {
    if (digits.length !== 10 || isRepeated(digits)) return false;
    if (digits[0] === 0 && isAscending(digits)) return false;
    return digits[3] === (weightedSum(digits, WEIGHTS) % 11) % 10;
  },
});
