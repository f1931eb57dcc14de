// pass: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { disruptive } from './define.ts';

export const pass: ActionDefinition = disruptive('pass', 'Goes on with the next rule.', {
  kind: 'pass',
});
