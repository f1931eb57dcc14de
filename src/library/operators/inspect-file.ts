// @inspectFile. Somebody else looks at the value, which is the path of an upload: a Lua script, which objects by
// returning a text, or a program, which approves by printing a text that begins with `1`.
//
// A program has to be allowed by whoever runs the engine. One that fails has not approved: an error of the engine,
// where libmodsecurity lets the file pass. An objection counts whatever the exit status, an approval only with 0.
// Scripts open the uploads of the request by their paths, and no other file.

import type {
  CompiledOperator,
  OperatorContext,
  OperatorDefinition,
} from '../../model/operator.ts';
import { OutsideError } from '../../model/outside.ts';
import { controlOf } from '../../model/script.ts';
import { programEnvironment } from '../programs/program-environment.ts';

/** Of what a program prints, in logs. */
const LONGEST_REASON = 256;

const NEVER: CompiledOperator = Object.freeze({ evaluate: () => false });

export const inspectFile: OperatorDefinition = Object.freeze({
  name: 'inspectFile',
  summary: 'a Lua script objects to the value, or a program that is allowed to run does',
  argument: 'required',
  macros: false,
  compile: (argument, context) =>
    /\.lua$/i.test(argument) ? byScript(argument, context) : byProgram(argument, context),
} satisfies OperatorDefinition);

function byScript(argument: string, context: OperatorContext): CompiledOperator {
  const run = context.loadScript?.(argument);
  return {
    evaluate: (value, evaluation) => {
      const text = run?.(value, controlOf(evaluation.transaction));
      if (text === undefined) return false;
      evaluation.detail = text;
      return true;
    },
  };
}

function byProgram(argument: string, context: OperatorContext): CompiledOperator {
  const path = context.allowedProgram?.(argument);
  if (path === undefined) {
    context.warn({
      code: 'program-not-allowed',
      message: `@inspectFile never matches: the program "${argument}" is not allowed to run`,
      help: `allow it by its absolute path, as in --allow-program ${argument}`,
    });
    return NEVER;
  }
  return {
    asks: (value, { transaction }) => ({
      kind: 'program',
      call: { path, argument: value, environment: programEnvironment(controlOf(transaction)) },
    }),
    evaluate: (value, run) => {
      const { answer } = run;
      if (answer?.kind !== 'output') {
        const why = answer?.kind === 'failure' ? answer.message : 'nobody runs programs here';
        throw new OutsideError('program-failed', `${path}: ${why}`);
      }
      const { text, status } = answer;
      if (text === '') throw new OutsideError('program-failed', `${path} has printed nothing`);
      if (text.startsWith('1')) {
        if (status === 0) return false;
        throw new OutsideError('program-failed', `${path} has ended with status ${status}`);
      }
      const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').slice(0, LONGEST_REASON);
      run.detail = `File "${value}" rejected by the approver script "${path}": ${line}`;
      return true;
    },
  };
}
