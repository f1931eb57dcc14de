// setenv: sets a variable that ENV shows and that the embedding server may read.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const setenv: ActionDefinition = defineAction(
  'setenv',
  'Sets (NAME=value) or unsets (!NAME) an environment variable of the transaction; macros allowed.',
  EFFECT,
  (draft, value, context) => {
    const remove = value.startsWith('!');
    const equals = value.indexOf('=');
    const name = (remove ? value.slice(1) : equals < 0 ? value : value.slice(0, equals)).trim();
    if (name === '')
      throw new ActionValueError('setenv needs a name', { help: 'write setenv:NAME=value' });
    const key = context.macro(name);
    const macro = context.macro(equals < 0 ? '1' : value.slice(equals + 1));
    draft.effects.push({
      action: 'setenv',
      run: (control) => {
        if (remove) control.mutableEnv.unset(key.expand(control));
        else control.mutableEnv.set(key.expand(control), macro.expand(control));
      },
    });
  },
);
