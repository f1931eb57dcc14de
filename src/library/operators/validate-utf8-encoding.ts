// @validateUtf8Encoding. Matches when the value is not well-formed UTF-8.

import { firstIllFormedUtf8 } from '../../base/utf8.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const validateUtf8Encoding: OperatorDefinition = Object.freeze({
  name: 'validateUtf8Encoding',
  summary: 'the value is not well-formed UTF-8',
  argument: 'none',
  macros: false,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      const at = firstIllFormedUtf8(value);
      if (at < 0) return false;
      run.detail = `Invalid UTF-8 encoding at offset ${at}`;
      return true;
    },
    locate: (value) => [[firstIllFormedUtf8(value), value.length]],
  }),
} satisfies OperatorDefinition);
