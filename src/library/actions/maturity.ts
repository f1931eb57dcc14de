// maturity: the author's judgement of the rule. ModSecurity v2 and v3 accept numbers above 9, so we do.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA, numberValue } from './define.ts';

export const maturity: ActionDefinition = defineAction(
  'maturity',
  'How tested the rule is, 1 to 9.',
  METADATA,
  (draft, value) => {
    draft.maturity = numberValue(value, 0, 99);
  },
);
