// status: the answer's status when the rule denies or redirects.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA, numberValue } from './define.ts';

export const status: ActionDefinition = defineAction(
  'status',
  'Status to answer with when the rule denies or redirects.',
  { ...METADATA, group: 'data', inDefault: true },
  (draft, value) => {
    draft.status = numberValue(value, 100, 599);
  },
);
