// allow: ends the inspection in the request's favour, for a phase, the request or all of it.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { DISRUPTIVE, defineAction } from './define.ts';

export const allow: ActionDefinition = defineAction(
  'allow',
  'Skips the rest: of all phases but logging, of the phase (allow:phase), or of the request (allow:request).',
  { ...DISRUPTIVE, value: 'optional' },
  (draft, value) => {
    const scope = value.toLowerCase();
    if (scope !== '' && scope !== 'phase' && scope !== 'request') {
      throw new ActionValueError(`"${value}" is not a scope of allow`, {
        help: 'use allow, allow:phase or allow:request',
      });
    }
    draft.disruptive = { kind: 'allow', scope: scope === '' ? 'transaction' : scope };
  },
);
