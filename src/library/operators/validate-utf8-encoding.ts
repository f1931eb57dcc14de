// @validateUtf8Encoding. Matches when the value is not well-formed UTF-8.

import { firstIllFormedUtf8 } from '../../base/utf8.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const validateUtf8Encoding: OperatorDefinition = Object.freeze({
  name: 'validateUtf8Encoding',
  summary: 'the value is not well-formed UTF-8',
  argument: 'none',
  macros: false,
  compile: (_argument, { behaviour }) => {
    const first = behaviour?.utf8Ceiling === '13ffff' ? firstTo13ffff : firstIllFormedUtf8;
    return {
      isPure: true,
      evaluate: (value, run) => {
        const at = first(value);
        if (at < 0) return false;
        run.detail = `Invalid UTF-8 encoding at offset ${at}`;
        return true;
      },
      locate: (value) => [[first(value), value.length]],
    };
  },
} satisfies OperatorDefinition);

/** ModSecurity lets F4 90 to F4 BF pass, which is above all code points. */
function firstTo13ffff(value: string): number {
  return firstIllFormedUtf8(value.replace(/\xf4[\x90-\xbf](?=[\x80-\xbf]{2})/g, '\xf4\x8f'));
}
