// Actions that rule sets may hold and that this engine does not carry out: accepted, with a warning.

import type { ActionDefinition } from '../../model/action.ts';
import { defineAction, EFFECT } from './define.ts';

/** `reason` finishes the sentence "the action does nothing: ...". */
export function actionWithoutEffect(
  name: string,
  summary: string,
  reason: string,
  help?: string,
): ActionDefinition {
  return defineAction(name, summary, EFFECT, (_draft, _value, { warn }) => {
    warn('no-effect', `"${name}" does nothing: ${reason}`, help);
  });
}
