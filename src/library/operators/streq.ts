// @streq. The value and the argument are the same, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';

export const streq: OperatorDefinition = Object.freeze({
  name: 'streq',
  summary: 'the value is the argument',
  argument: 'optional',
  macros: true,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      if (!(value === run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
