// id: the rule's number, unique in the rule set.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const id: ActionDefinition = defineAction(
  'id',
  'Number of the rule, unique, 1 to 2147483647.',
  METADATA,
  (draft, value, { behaviour }) => {
    // ModSecurity v2 keeps ids in a signed 32-bit number and refuses more.
    const largestId = behaviour?.largestId ?? 2_147_483_647;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < 1 || number > largestId) {
      throw new ActionValueError(`"${value}" is not a rule id`, {
        code: 'bad-rule-id',
        help: `use a number from 1 to ${largestId}; 1-99999 are set aside for rules of your own`,
      });
    }
    draft.id = number;
  },
);
