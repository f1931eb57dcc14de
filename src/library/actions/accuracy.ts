// accuracy: the author's judgement of the rule. ModSecurity v2 and v3 accept numbers above 9, so we do.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA, numberValue } from './define.ts';

export const accuracy: ActionDefinition = defineAction(
  'accuracy',
  'How few false positives the rule has, 1 to 9.',
  METADATA,
  (draft, value) => {
    draft.accuracy = numberValue(value, 0, 99);
  },
);
