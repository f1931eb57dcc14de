// @within. The value is a part of the argument. An empty value is a part of every argument.

import { findOccurrence } from '../../base/occurrences.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const within: OperatorDefinition = Object.freeze({
  name: 'within',
  summary: 'the value occurs in the argument',
  argument: 'optional',
  macros: true,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      if (findOccurrence(run.argument, value) < 0) return false;
      run.detail = `String match within "${run.argument}"`;
      return true;
    },
    // In the argument, not in the value: that is what libmodsecurity tells.
    locate: (value, argument) => (value === '' ? [] : [[argument.indexOf(value), value.length]]),
  }),
} satisfies OperatorDefinition);
