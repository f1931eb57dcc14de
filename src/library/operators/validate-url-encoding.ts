// @validateUrlEncoding. Matches when a `%` is not followed by two hexadecimal digits.

import { hexByteAt } from '../../base/hex.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const validateUrlEncoding: OperatorDefinition = Object.freeze({
  name: 'validateUrlEncoding',
  summary: 'the value holds a broken percent escape',
  argument: 'none',
  macros: false,
  compile: () => ({
    evaluate: (value, run) => {
      for (let at = value.indexOf('%'); at >= 0; at = value.indexOf('%', at + 1)) {
        if (hexByteAt(value, at + 1) >= 0) continue;
        run.detail = `Invalid URL encoding at offset ${at}`;
        return true;
      }
      return false;
    },
  }),
} satisfies OperatorDefinition);
