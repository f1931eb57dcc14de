// sanitiseRequestHeader: masks the request headers of that name in the audit log, whatever its value.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const sanitiseRequestHeader: ActionDefinition = defineAction(
  'sanitiseRequestHeader',
  'Masks the request headers of that name in the audit log.',
  EFFECT,
  (draft, value, context) => {
    const name = context.macro(value.trim());
    draft.effects.push({
      action: 'sanitiseRequestHeader',
      run: (control) => control.mask('requestHeaders', name.expand(control)),
    });
  },
  ['sanitizeRequestHeader'],
);
