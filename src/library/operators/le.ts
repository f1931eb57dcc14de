// @le. The value, read as a number, is at most the argument.

import type { OperatorDefinition } from '../../model/operator.ts';
import { compareNumbers } from './compare.ts';

export const le: OperatorDefinition = compareNumbers({
  name: 'le',
  summary: 'the value is at most the argument, as numbers',
  overflow: 'clamp',
  holds: (value, limit) => value <= limit,
});
