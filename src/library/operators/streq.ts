// @streq. The value and the argument are the same, byte for byte.

import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const streq: OperatorDefinition = Object.freeze({
  name: 'streq',
  summary: 'the value is the argument',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => ({
    ...factsOfText(argument, context),
    isPure: true,
    evaluate: (value, run) => {
      if (!(value === run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
