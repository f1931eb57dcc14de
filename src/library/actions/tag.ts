// tag: a label to select rules by; repeatable.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const tag: ActionDefinition = defineAction(
  'tag',
  'Label of the rule; repeatable, macros allowed.',
  { ...METADATA, inLink: true, inDefault: true },
  (draft, value, context) => {
    draft.tags.push(context.macro(value));
  },
);
