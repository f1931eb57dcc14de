// @detectSQLi. libinjection takes the value for SQL injection. TX:0 is the fingerprint.

import type { OperatorDefinition } from '../../model/operator.ts';
import { detectSqli } from '../injection/sqli.ts';

export const detectSQLi: OperatorDefinition = Object.freeze({
  name: 'detectSQLi',
  summary: 'the value looks like SQL injection',
  argument: 'none',
  macros: false,
  compile: () => ({
    isPure: true,
    evaluate: (value, run) => {
      const found = detectSqli(value);
      if (found === null) return false;
      if (run.capturing) run.captures.push(found.fingerprint);
      run.detail = `detected SQLi using libinjection with fingerprint '${found.fingerprint}'`;
      return true;
    },
  }),
} satisfies OperatorDefinition);
