// log: a match is written to the error log. Whether it marks the audit log stays as it was (ModSecurity v2).

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const log: ActionDefinition = defineAction('log', 'Logs a match.', SWITCH, (draft) => {
  draft.log = true;
});
