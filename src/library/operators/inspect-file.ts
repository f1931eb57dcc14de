// @inspectFile. A Lua script is given the value, and matches when it returns a text. Programs are never run.
//
// ModSecurity gives the name of a file. Uploads are kept at the end of a transaction only, so a script inspects their
// content: FILES_TMP_CONTENT. ModSecurity v3 refuses a program that is missing; here it does not matter.

import type { OperatorDefinition } from '../../model/operator.ts';
import { controlOf } from '../../model/script.ts';
import { neverMatches } from './no-effect.ts';

const program: OperatorDefinition = neverMatches({
  name: 'inspectFile',
  summary: 'a Lua script objects to the value',
  argument: 'required',
  reason: 'programs named by rules are never run',
  help: 'name a Lua script, or inspect uploads with FILES_TMP_CONTENT',
});

export const inspectFile: OperatorDefinition = Object.freeze({
  ...program,
  compile: (argument, context) => {
    if (!/\.lua$/i.test(argument)) return program.compile(argument, context);
    const run = context.loadScript?.(argument);
    return {
      evaluate: (value, evaluation) => {
        const text = run?.(value, controlOf(evaluation.transaction));
        if (text === undefined) return false;
        evaluation.detail = text;
        return true;
      },
    };
  },
} satisfies OperatorDefinition);
