// @verifyCC. A number that the pattern finds passes the Luhn check of payment cards.

import { passesLuhn } from '../../base/checksum.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { verifyNumbers } from './verify.ts';

export const verifyCC: OperatorDefinition = verifyNumbers({
  name: 'verifyCC',
  summary: 'the value holds a payment card number',
  label: 'CC',
  isValid: passesLuhn,
});
