// exec: runs a Lua script or a program at a match and ignores what comes of it.
//
// A program has to be allowed by whoever runs the engine. Nobody waits for it, unlike in ModSecurity v2, which holds the
// request until the first line is printed.

import type { ActionContext, ActionDefinition, RuleEffect } from '../../model/action.ts';
import { MatchLimitError } from '../../model/operator.ts';
import type { RunScript } from '../../model/script.ts';
import { programEnvironment } from '../programs/program-environment.ts';
import { defineAction, EFFECT } from './define.ts';

export const exec: ActionDefinition = defineAction(
  'exec',
  'Runs a Lua script at each match, or a program that is allowed to run.',
  EFFECT,
  (draft, value, context) => {
    if (!/\.lua$/i.test(value)) {
      const effect = programEffect(value, context);
      if (effect !== undefined) draft.effects.push(effect);
      return;
    }
    const run = context.loadScript?.(value);
    if (run !== undefined) draft.effects.push(scriptEffect(value, run));
  },
);

function scriptEffect(path: string, run: RunScript): RuleEffect {
  return {
    action: 'exec',
    run: (control) => {
      control.tell(8, `Running script... ${path}`);
      try {
        run(undefined, control);
      } catch (error) {
        const code = error instanceof MatchLimitError ? 'match-limit' : 'script-failed';
        control.fail(code, error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function programEffect(
  value: string,
  { allowedProgram, warn }: ActionContext,
): RuleEffect | undefined {
  const path = allowedProgram?.(value);
  if (path === undefined) {
    warn(
      'program-not-allowed',
      `"exec" does nothing: the program "${value}" is not allowed to run`,
      `allow it by its absolute path, as in --allow-program ${value}, or name a Lua script`,
    );
    return undefined;
  }
  return {
    action: 'exec',
    run: (control) =>
      control.startProgram({
        path,
        argument: undefined,
        environment: programEnvironment(control),
      }),
  };
}
