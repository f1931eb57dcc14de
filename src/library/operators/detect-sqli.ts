// @detectSQLi. libinjection takes the value for SQL injection. TX:0 is the fingerprint.

import { isAsciiWord } from '../../base/ascii.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { detectSqli } from '../injection/sqli.ts';

/**
 * Words and digits alone are one token, or a number and a word behind it. Of what these may be, only a number and UNION
 * is a fingerprint of attacks, and no attack while nothing else is there.
 */
const NEEDED: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => !isAsciiWord(byte),
);

export const detectSQLi: OperatorDefinition = Object.freeze({
  name: 'detectSQLi',
  summary: 'the value looks like SQL injection',
  argument: 'none',
  macros: false,
  compile: () => ({
    isPure: true,
    needs: ({ ofByte }) => NEEDED.reduce((classes, byte) => classes | ofByte(byte), 0),
    evaluate: (value, run) => {
      const found = detectSqli(value);
      if (found === null) return false;
      if (run.capturing) run.captures.push(found.fingerprint);
      run.detail = `detected SQLi using libinjection with fingerprint '${found.fingerprint}'`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
