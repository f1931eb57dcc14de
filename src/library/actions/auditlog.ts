// auditlog: a match marks the transaction for the audit log.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const auditlog: ActionDefinition = defineAction(
  'auditlog',
  'Marks the transaction for the audit log.',
  SWITCH,
  (draft) => {
    draft.auditlog = true;
  },
);
