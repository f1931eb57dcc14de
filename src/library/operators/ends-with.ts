// @endsWith. The value ends with the argument, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const endsWith: OperatorDefinition = Object.freeze({
  name: 'endsWith',
  summary: 'the value ends with the argument',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => ({
    ...factsOfText(argument, context),
    isPure: true,
    evaluate: (value, run) => {
      if (!value.endsWith(run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (value, text) => [[value.length - text.length, text.length]],
  }),
} satisfies OperatorDefinition);
