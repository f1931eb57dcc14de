// drop: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { disruptive } from './define.ts';

export const drop: ActionDefinition = disruptive(
  'drop',
  'Closes the connection without an answer.',
  { kind: 'drop' },
);
