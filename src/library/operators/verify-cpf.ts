// @verifyCPF. A number that the pattern finds is a Brazilian CPF: eleven digits, the last two a check.

import { isCpf } from '../../base/checksum.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { verifyNumbers } from './verify.ts';

export const verifyCPF: OperatorDefinition = verifyNumbers({
  name: 'verifyCPF',
  summary: 'the value holds a Brazilian taxpayer number',
  label: 'CPF',
  isValid: isCpf,
});
