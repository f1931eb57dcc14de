// rev: bookkeeping of the rule's author.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const rev: ActionDefinition = defineAction(
  'rev',
  'Revision of the rule.',
  METADATA,
  (draft, value) => {
    draft.rev = value;
  },
);
