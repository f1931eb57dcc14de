// @beginsWith. The value begins with the argument, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';

export const beginsWith: OperatorDefinition = Object.freeze({
  name: 'beginsWith',
  summary: 'the value begins with the argument',
  argument: 'optional',
  macros: true,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      if (!value.startsWith(run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (_value, argument) => [[0, argument.length]],
  }),
} satisfies OperatorDefinition);
