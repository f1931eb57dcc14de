// @noMatch. Matches no value.

import type { OperatorDefinition } from '../../model/operator.ts';

export const noMatch: OperatorDefinition = Object.freeze({
  name: 'noMatch',
  summary: 'matches no value',
  argument: 'none',
  macros: false,
  compile: () => ({ evaluate: () => false }),
} satisfies OperatorDefinition);
