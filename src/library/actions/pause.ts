// pause: ends the rules of the phase and lets the exchange go on. ModSecurity v2 also holds the response
// back for some milliseconds; an engine that waits for an attacker ties up its own connections, so there
// is no delay here.
//
// In v2 a pause behind deny takes its place, and the request passes. Here it only takes the place of pass.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { DISRUPTIVE, defineAction } from './define.ts';

export const pause: ActionDefinition = defineAction(
  'pause',
  'Ends the rules of the phase; the delay in milliseconds is not carried out.',
  { ...DISRUPTIVE, value: 'required' },
  (draft, value, context) => {
    const delay = context.macro(value.trim());
    if (delay.literal !== undefined && !/^\d+$/.test(delay.literal)) {
      throw new ActionValueError(`"${value}" is not a number of milliseconds`);
    }
    context.warn(
      'no-effect',
      'the response is not held back; "pause" only ends the rules of the phase',
      'use allow:phase, or throttle clients in the proxy',
    );
    const { disruptive } = draft;
    if (disruptive === undefined || disruptive.kind === 'pass')
      draft.disruptive = { kind: 'pause' };
  },
);
