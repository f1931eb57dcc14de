// setsid: names the session of the transaction and opens its collection, SESSION.
//
// Each SecWebAppId has sessions of its own. An empty id opens nothing.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const setsid: ActionDefinition = defineAction(
  'setsid',
  'Names the session of the transaction: sets SESSIONID and opens the collection SESSION; macros allowed.',
  EFFECT,
  (draft, value, context) => {
    const id = context.macro(value);
    draft.effects.push({
      action: 'setsid',
      run: (control) => {
        const session = id.expand(control);
        control.setSessionId(session);
        control.openCollection('SESSION', session);
      },
    });
  },
);
