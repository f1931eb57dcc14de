// @inspectFile. Accepted; never matches: programs named by rules are never run.
//
// ModSecurity v3 refuses a program that is missing; here it does not matter.

import type { OperatorDefinition } from '../../model/operator.ts';
import { neverMatches } from './no-effect.ts';

export const inspectFile: OperatorDefinition = neverMatches({
  name: 'inspectFile',
  summary: 'a program objects to the file named by the value',
  argument: 'required',
  reason: 'programs named by rules are never run',
  help: 'inspect uploads with FILES_TMP_CONTENT, or scan them where they are stored',
});
