// @verifySSN. A number that the pattern finds can be a US social security number: nine digits, area,
// group and serial in use, and no trivial sequence.

import { isRepeated } from '../../base/checksum.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { verifyNumbers } from './verify.ts';

export const verifySSN: OperatorDefinition = verifyNumbers({
  name: 'verifySSN',
  summary: 'the value holds a US social security number',
  label: 'SSN',
  isValid: isSocialSecurityNumber,
});

export function isSocialSecurityNumber(digits: readonly number[]): boolean {
  if (digits.length !== 9 || isRepeated(digits)) return false;
  if (digits.every((digit, at) => at === 0 || digit === digits[at - 1]! + 1)) return false;
  const number = Number(digits.join(''));
  const area = Math.floor(number / 1_000_000);
  const group = Math.floor(number / 10_000) % 100;
  const serial = number % 10_000;
  return area !== 0 && area !== 666 && area < 740 && group !== 0 && serial !== 0;
}
