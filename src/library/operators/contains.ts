// @contains. The argument is a part of the value, byte for byte.

import { findOccurrence } from '../../base/occurrences.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const contains: OperatorDefinition = Object.freeze({
  name: 'contains',
  summary: 'the argument occurs in the value',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => ({
    ...factsOfText(argument, context),
    isPure: true,
    evaluate: (value, run) => {
      if (findOccurrence(value, run.argument) < 0) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    locate: (value, text) => [[value.indexOf(text), text.length]],
  }),
} satisfies OperatorDefinition);
