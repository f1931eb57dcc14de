// sanitiseMatchedBytes: masks in the audit log only the bytes that the operator captured; `:1/4` leaves
// the first one and the last four of them.
//
// Needs `capture` in the same rule. Without it, or when the captured text is not part of the value, the
// whole value is masked: TX:0 of another rule says nothing about this one.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

export const sanitiseMatchedBytes: ActionDefinition = defineAction(
  'sanitiseMatchedBytes',
  'Masks the bytes that matched in the audit log; sanitiseMatchedBytes:1/4 leaves 1 and 4 of them.',
  { ...EFFECT, value: 'optional' },
  (draft, value) => {
    const match = /^(?:(\d{1,4})\/(\d{1,4}))?$/.exec(value.trim());
    if (match === null) {
      throw new ActionValueError(`"${value}" does not say how many bytes to show`, {
        help: 'write sanitiseMatchedBytes, or sanitiseMatchedBytes:1/4 to show the first and the last four',
      });
    }
    const keepLeft = Number(match[1] ?? 0);
    const keepRight = Number(match[2] ?? 0);
    draft.effects.push({
      action: 'sanitiseMatchedBytes',
      run: (control) => {
        const last = control.matched.last;
        if (last === undefined) return;
        const captured = draft.capture === true ? control.tx.get('0') : undefined;
        const text = captured !== undefined && last.value.includes(captured) ? captured : undefined;
        control.maskMatched({ variable: last.name, text, keepLeft, keepRight });
      },
    });
  },
  ['sanitizeMatchedBytes'],
);
