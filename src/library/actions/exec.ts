// exec: would run a program or a Lua script at a match. Rules never start programs here: a rule set is
// data from elsewhere, and a process for each match is a way to be overrun.

import type { ActionDefinition } from '../../model/action.ts';
import { actionWithoutEffect } from './without-effect.ts';

export const exec: ActionDefinition = actionWithoutEffect(
  'exec',
  'Accepted and not carried out: rules do not start programs.',
  'rules do not start programs',
  'react to the finished exchange in the embedding program',
);
