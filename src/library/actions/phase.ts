// phase: when the rule runs.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import type { Phase } from '../../model/phase.ts';
import { defineAction, METADATA } from './define.ts';

const NAMES: Readonly<Record<string, Phase>> = { request: 2, response: 4, logging: 5 };

/** The phase that a value names; undefined when it names none. */
export function phaseNumber(value: string): Phase | undefined {
  return (
    NAMES[value.toLowerCase()] ?? (/^[1-5]$/.test(value) ? (Number(value) as Phase) : undefined)
  );
}

export const phase: ActionDefinition = defineAction(
  'phase',
  'When the rule runs: 1 to 5, request (2), response (4) or logging (5).',
  { ...METADATA, inDefault: true },
  (draft, value, { behaviour }) => {
    // libmodsecurity has a phase 0, which no rule ever runs in.
    if (value === '0' && behaviour?.phaseZero === 'never-runs') {
      draft.phase = 0;
      return;
    }
    const number = phaseNumber(value);
    if (number === undefined) {
      throw new ActionValueError(`"${value}" is not a phase`, {
        code: 'bad-phase',
        help: 'use 1 (request headers), 2 (request body), 3 (response headers), 4 (response body) or 5 (logging)',
      });
    }
    draft.phase = number;
  },
);
