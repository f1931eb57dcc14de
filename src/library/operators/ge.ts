// @ge. The value, read as a number, is at least the argument.

import type { OperatorDefinition } from '../../model/operator.ts';
import { compareNumbers } from './compare.ts';

export const ge: OperatorDefinition = compareNumbers({
  name: 'ge',
  summary: 'the value is at least the argument, as numbers',
  overflow: 'clamp',
  holds: (value, limit) => value >= limit,
});
