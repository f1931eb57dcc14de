// nolog: a match leaves no trace in the error log, nor in the audit log unless auditlog follows.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const nolog: ActionDefinition = defineAction(
  'nolog',
  'Does not log a match, nor mark it for the audit log.',
  SWITCH,
  (draft) => {
    draft.log = false;
    draft.auditlog = false;
  },
);
