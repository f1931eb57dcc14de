// exec: runs a Lua script at a match and ignores what it returns. Programs are never run: a rule set is data
// from elsewhere, and a process for each match is a way to be overrun.

import type { ActionDefinition } from '../../model/action.ts';
import { MatchLimitError } from '../../model/operator.ts';
import { defineAction, EFFECT } from './define.ts';

export const exec: ActionDefinition = defineAction(
  'exec',
  'Runs a Lua script at each match; programs are accepted and not run.',
  EFFECT,
  (draft, value, { loadScript, warn }) => {
    if (!/\.lua$/i.test(value)) {
      const reason = '"exec" does nothing: rules do not start programs';
      warn('no-effect', reason, 'name a Lua script, or react in the embedding program');
      return;
    }
    const run = loadScript?.(value);
    if (run === undefined) return;
    draft.effects.push({
      action: 'exec',
      run: (control) => {
        try {
          run(undefined, control);
        } catch (error) {
          const code = error instanceof MatchLimitError ? 'match-limit' : 'script-failed';
          control.fail(code, error instanceof Error ? error.message : String(error));
        }
      },
    });
  },
);
