// block: see the record's summary.

import type { ActionDefinition } from '../../model/action.ts';
import { disruptive } from './define.ts';

export const block: ActionDefinition = disruptive(
  'block',
  'Does what the applicable SecDefaultAction does.',
  { kind: 'block' },
);
