// @lt. The value, read as a number, is less than the argument.

import type { OperatorDefinition } from '../../model/operator.ts';
import { compareNumbers } from './compare.ts';

export const lt: OperatorDefinition = compareNumbers({
  name: 'lt',
  summary: 'the value is less than the argument, as numbers',
  overflow: 'clamp',
  holds: (value, limit) => value < limit,
});
