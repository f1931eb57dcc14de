// setuid: names the user of the transaction and opens its collection, USER.
//
// Each SecWebAppId has users of its own. An empty id opens nothing.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const setuid: ActionDefinition = defineAction(
  'setuid',
  'Names the user of the transaction: sets USERID and opens the collection USER; macros allowed.',
  EFFECT,
  (draft, value, context) => {
    const id = context.macro(value);
    draft.effects.push({
      action: 'setuid',
      run: (control) => {
        const user = id.expand(control);
        control.setUserId(user);
        control.openCollection('USER', user);
      },
    });
  },
);
