// @contains. The argument is a part of the value, byte for byte.

import { findOccurrence } from '../../base/occurrences.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const contains: OperatorDefinition = Object.freeze({
  name: 'contains',
  summary: 'the argument occurs in the value',
  argument: 'optional',
  macros: true,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      if (findOccurrence(value, run.argument) < 0) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (value, argument) => [[value.indexOf(argument), argument.length]],
  }),
} satisfies OperatorDefinition);
