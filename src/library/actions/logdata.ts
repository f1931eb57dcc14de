// logdata: evidence logged with a match.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

// Links may carry it in v3 and Coraza; the last one written wins, as with every single-valued action.
export const logdata: ActionDefinition = defineAction(
  'logdata',
  'Data logged with a match; macros allowed.',
  { ...METADATA, inLink: true, inDefault: true },
  (draft, value, context) => {
    draft.logdata = context.macro(value);
  },
);
