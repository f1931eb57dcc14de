// noauditlog: a match alone does not bring the transaction into the audit log.
//
// ModSecurity v3 drops the error-log line as well; v2 and Coraza do not, and CRS's tests expect the line.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const noauditlog: ActionDefinition = defineAction(
  'noauditlog',
  'A match does not mark the transaction for the audit log.',
  SWITCH,
  (draft) => {
    draft.auditlog = false;
  },
);
