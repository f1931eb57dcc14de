// redirect: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { DISRUPTIVE, defineAction } from './define.ts';

export const redirect: ActionDefinition = defineAction(
  'redirect',
  'Answers with a redirection to the given URL; macros allowed.',
  { ...DISRUPTIVE, value: 'required' },
  (draft, value, context) => {
    draft.disruptive = { kind: 'redirect', url: context.macro(value) };
  },
);
