// @strmatch. The same as @contains, but without an argument it does not load, as in ModSecurity v2.

import { findOccurrence } from '../../base/occurrences.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const strmatch: OperatorDefinition = Object.freeze({
  name: 'strmatch',
  summary: 'the argument occurs in the value',
  argument: 'required',
  macros: true,
  compile: (argument, context) => ({
    ...factsOfText(argument, context),
    evaluate: (value, run) => {
      if (findOccurrence(value, run.argument) < 0) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
