// @beginsWith. The value begins with the argument, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const beginsWith: OperatorDefinition = Object.freeze({
  name: 'beginsWith',
  summary: 'the value begins with the argument',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => ({
    ...factsOfText(argument, context),
    isPure: true,
    evaluate: (value, run) => {
      if (!value.startsWith(run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (_value, text) => [[0, text.length]],
  }),
} satisfies OperatorDefinition);
