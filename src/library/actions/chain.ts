// chain: the next rule must match too.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, FLOW } from './define.ts';

export const chain: ActionDefinition = defineAction(
  'chain',
  'Joins the next rule to this one: both must match.',
  { ...FLOW, value: 'none', inLink: true },
  (draft) => {
    draft.chain = true;
  },
);
