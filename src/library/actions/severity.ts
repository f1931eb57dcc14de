// severity: how grave a match is, by syslog number or name.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import { SEVERITY_NAMES, type Severity } from '../../model/severity.ts';
import { defineAction, METADATA } from './define.ts';

/** ModSecurity loads severities that there are not; such a rule has none. */
function isReadOver(text: string, severities: Behaviour['severities'] | undefined): boolean {
  return severities === 'anything' || (severities === 'any-number' && /^\d+$/.test(text));
}

export const severity: ActionDefinition = defineAction(
  'severity',
  'Gravity of a match: 0 to 7 or EMERGENCY to DEBUG.',
  { ...METADATA, inDefault: true },
  (draft, value, { behaviour }) => {
    const text = value.trim();
    const number = /^[0-7]$/.test(text) ? Number(text) : SEVERITY_NAMES.indexOf(text.toUpperCase());
    if (number < 0 && isReadOver(text, behaviour?.severities)) return;
    if (number < 0) {
      throw new ActionValueError(`"${value}" is not a severity`, {
        help: `use 0 to 7 or one of ${SEVERITY_NAMES.join(', ')}`,
      });
    }
    draft.severity = number as Severity;
  },
);
