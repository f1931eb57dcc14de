// @endsWith. The value ends with the argument, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';

export const endsWith: OperatorDefinition = Object.freeze({
  name: 'endsWith',
  summary: 'the value ends with the argument',
  argument: 'optional',
  macros: true,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      if (!value.endsWith(run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (value, argument) => [[value.length - argument.length, argument.length]],
  }),
} satisfies OperatorDefinition);
