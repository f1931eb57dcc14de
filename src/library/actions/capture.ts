// capture: keeps what the operator found in TX:0 to TX:9.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, SWITCH } from './define.ts';

export const capture: ActionDefinition = defineAction(
  'capture',
  'Keeps what the operator found in TX:0 to TX:9.',
  SWITCH,
  (draft) => {
    draft.capture = true;
  },
);
