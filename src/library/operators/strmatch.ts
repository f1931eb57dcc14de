// @strmatch. The same as @contains, but without an argument it does not load, as in ModSecurity v2.

import type { OperatorDefinition } from '../../model/operator.ts';

export const strmatch: OperatorDefinition = Object.freeze({
  name: 'strmatch',
  summary: 'the argument occurs in the value',
  argument: 'required',
  macros: true,
  compile: () => ({
    evaluate: (value, run) => {
      if (!value.includes(run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
