// skipAfter: goes on behind a marker, or behind the rule with that id (as ModSecurity v2 does).

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { defineAction, FLOW } from './define.ts';

export const skipAfter: ActionDefinition = defineAction(
  'skipAfter',
  'Goes on behind the SecMarker of that name, or behind the rule with that id.',
  FLOW,
  (draft, value) => {
    if (value === '') throw new ActionValueError('skipAfter needs the name of a SecMarker');
    draft.skipAfter = value;
    draft.skip = undefined;
  },
);
