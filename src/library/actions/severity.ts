// severity: how grave a match is, by syslog number or name.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { SEVERITY_NAMES, type Severity } from '../../model/severity.ts';
import { defineAction, METADATA } from './define.ts';

export const severity: ActionDefinition = defineAction(
  'severity',
  'Gravity of a match: 0 to 7 or EMERGENCY to DEBUG.',
  { ...METADATA, inDefault: true },
  (draft, value) => {
    const text = value.trim();
    const number = /^[0-7]$/.test(text) ? Number(text) : SEVERITY_NAMES.indexOf(text.toUpperCase());
    if (number < 0) {
      throw new ActionValueError(`"${value}" is not a severity`, {
        help: `use 0 to 7 or one of ${SEVERITY_NAMES.join(', ')}`,
      });
    }
    draft.severity = number as Severity;
  },
);
