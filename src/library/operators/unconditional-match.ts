// @unconditionalMatch. Matches every value.

import type { OperatorDefinition } from '../../model/operator.ts';

export const unconditionalMatch: OperatorDefinition = Object.freeze({
  name: 'unconditionalMatch',
  summary: 'matches every value',
  argument: 'none',
  macros: false,
  compile: () => ({
    evaluate: (_value, run) => {
      run.detail = 'Unconditional match';
      return true;
    },
  }),
} satisfies OperatorDefinition);
