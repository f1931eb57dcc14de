// skip: leaves out the next rules of the phase.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, FLOW, numberValue } from './define.ts';

export const skip: ActionDefinition = defineAction(
  'skip',
  'Skips the next n rules or chains of the phase.',
  FLOW,
  (draft, value) => {
    draft.skip = numberValue(value, 0, 1_000_000);
    draft.skipAfter = undefined;
  },
);
