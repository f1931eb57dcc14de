// sanitiseMatched: masks in the audit log what the rule matched on, the whole value of it.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const sanitiseMatched: ActionDefinition = defineAction(
  'sanitiseMatched',
  'Masks the value that matched in the audit log.',
  SWITCH,
  (draft) => {
    draft.effects.push({
      action: 'sanitiseMatched',
      run: (control) => {
        const variable = control.matched.last?.name;
        if (variable === undefined) return;
        control.maskMatched({ variable, text: undefined, keepLeft: 0, keepRight: 0 });
      },
    });
  },
  ['sanitizeMatched'],
);
