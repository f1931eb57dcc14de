// @detectXSS. libinjection takes the value for cross-site scripting. TX:0 is the value.

import type { OperatorDefinition } from '../../model/operator.ts';
import { detectXss } from '../injection/xss.ts';

export const detectXSS: OperatorDefinition = Object.freeze({
  name: 'detectXSS',
  summary: 'the value looks like cross-site scripting',
  argument: 'none',
  macros: false,
  compile: () => ({
    isPure: true,
    // detectXss begins with the same look.
    needs: ({ ofByte }) => ofByte(0x3c) | ofByte(0x3d),
    evaluate: (value, run) => {
      if (!detectXss(value)) return false;
      if (run.capturing) run.captures.push(value);
      run.detail = 'detected XSS using libinjection';
      return true;
    },
  }),
} satisfies OperatorDefinition);
