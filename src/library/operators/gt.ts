// @gt. The value, read as a number, is greater than the argument.

import type { OperatorDefinition } from '../../model/operator.ts';
import { compareNumbers } from './compare.ts';

export const gt: OperatorDefinition = compareNumbers({
  name: 'gt',
  summary: 'the value is greater than the argument, as numbers',
  overflow: 'clamp',
  holds: (value, limit) => value > limit,
});
