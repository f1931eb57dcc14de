// msg: what a match means, for people; macros are expanded when the match is complete.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const msg: ActionDefinition = defineAction(
  'msg',
  'Message logged with a match; macros allowed.',
  METADATA,
  (draft, value, context) => {
    draft.msg = context.macro(value);
  },
);
