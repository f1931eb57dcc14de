// setrsc: opens the collection of the resource that the request is for, RESOURCE.
//
// Each SecWebAppId has resources of its own. An empty key opens nothing.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const setrsc: ActionDefinition = defineAction(
  'setrsc',
  'Opens the collection RESOURCE under a key; macros allowed.',
  EFFECT,
  (draft, value, context) => {
    const key = context.macro(value);
    draft.effects.push({
      action: 'setrsc',
      run: (control) => control.openCollection('RESOURCE', key.expand(control)),
    });
  },
);
