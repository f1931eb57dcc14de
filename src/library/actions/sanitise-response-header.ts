// sanitiseResponseHeader: masks the response headers of that name in the audit log, whatever its value.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const sanitiseResponseHeader: ActionDefinition = defineAction(
  'sanitiseResponseHeader',
  'Masks the response headers of that name in the audit log.',
  EFFECT,
  (draft, value, context) => {
    const name = context.macro(value.trim());
    draft.effects.push({
      action: 'sanitiseResponseHeader',
      run: (control) => control.mask('responseHeaders', name.expand(control)),
    });
  },
  ['sanitizeResponseHeader'],
);
