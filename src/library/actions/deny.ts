// deny: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { disruptive } from './define.ts';

export const deny: ActionDefinition = disruptive(
  'deny',
  "Answers with the rule's status, 403 by default.",
  { kind: 'deny' },
);
