// @eq. The value, read as a number, is equal to the argument. A number out of 64 bits counts as 0, as in libmodsecurity.

import type { OperatorDefinition } from '../../model/operator.ts';
import { compareNumbers } from './compare.ts';

export const eq: OperatorDefinition = compareNumbers({
  name: 'eq',
  summary: 'the value is equal to the argument, as numbers',
  overflow: 'zero',
  holds: (value, limit) => value === limit,
});
