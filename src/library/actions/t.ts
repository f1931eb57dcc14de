// t: one more transformation of the pipeline; t:none clears what stands before it.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const t: ActionDefinition = defineAction(
  't',
  'Adds a transformation; none clears the list so far.',
  EFFECT,
  (draft, value, context) => {
    if (value.startsWith('-')) {
      // ModSecurity v2: takes back what stands before it in this list.
      const removed = context.transformation(value.slice(1));
      draft.transformations = draft.transformations.filter(
        (step) => step === 'none' || step.transformation !== removed,
      );
      return;
    }
    draft.transformations.push(
      value.toLowerCase() === 'none'
        ? 'none'
        : { transformation: context.transformation(value), written: value },
    );
  },
);
