// proxy: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { DISRUPTIVE, defineAction } from './define.ts';

export const proxy: ActionDefinition = defineAction(
  'proxy',
  'Hands the request to another upstream; macros allowed.',
  { ...DISRUPTIVE, value: 'required' },
  (draft, value, context) => {
    draft.disruptive = { kind: 'proxy', url: context.macro(value) };
  },
);
