// multiMatch: tests the value before the pipeline and after each transformation that changes it.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const multiMatch: ActionDefinition = defineAction(
  'multiMatch',
  'Tests the value before and after each transformation that changes it.',
  SWITCH,
  (draft) => {
    draft.multiMatch = true;
  },
);
