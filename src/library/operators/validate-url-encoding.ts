// @validateUrlEncoding. Matches when a `%` is not followed by two hexadecimal digits.

import { hexByteAt } from '../../base/hex.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const validateUrlEncoding: OperatorDefinition = Object.freeze({
  name: 'validateUrlEncoding',
  summary: 'the value holds a broken percent escape',
  argument: 'none',
  macros: false,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      const at = firstBroken(value);
      if (at < 0) return false;
      run.detail = `Invalid URL encoding at offset ${at}`;
      return true;
    },
    // The length of the whole value, as libmodsecurity tells it.
    locate: (value) => [[firstBroken(value), value.length]],
  }),
} satisfies OperatorDefinition);

/** -1: all escapes are whole. */
function firstBroken(value: string): number {
  let at = value.indexOf('%');
  while (at >= 0 && hexByteAt(value, at + 1) >= 0) at = value.indexOf('%', at + 1);
  return at;
}
