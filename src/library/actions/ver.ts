// ver: bookkeeping of the rule's author.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const ver: ActionDefinition = defineAction(
  'ver',
  'Version of the rule set that the rule belongs to.',
  METADATA,
  (draft, value) => {
    draft.ver = value;
  },
);
