// sanitiseArg: masks the arguments of that name in the audit log, whatever its value.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const sanitiseArg: ActionDefinition = defineAction(
  'sanitiseArg',
  'Masks the arguments of that name in the audit log.',
  EFFECT,
  (draft, value, context) => {
    const name = context.macro(value.trim());
    draft.effects.push({
      action: 'sanitiseArg',
      run: (control) => control.mask('args', name.expand(control)),
    });
  },
  ['sanitizeArg'],
);
