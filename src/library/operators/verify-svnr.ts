// @verifySVNR. A number that the pattern finds is an Austrian social insurance number: ten digits, the
// fourth a check.

import { isSvnr } from '../../base/checksum.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { verifyNumbers } from './verify.ts';

export const verifySVNR: OperatorDefinition = verifyNumbers({
  name: 'verifySVNR',
  summary: 'the value holds an Austrian social insurance number',
  label: 'SVNR',
  isValid: isSvnr,
});
