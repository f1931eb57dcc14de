// deprecatevar: lowers a counter of a persistent collection by the time that has passed since its last
// update (ModSecurity v2).

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { collectionPath, warnWithoutLifetime } from './collection-path.ts';
import { defineAction, EFFECT } from './define.ts';

interface Rate {
  readonly amount: number;
  readonly everyMs: number;
}

/** `60/300`: 60 less for each whole 300 seconds. */
function parseRate(text: string): Rate | undefined {
  const match = /^(\d{1,15})\/(\d{1,10})$/.exec(text.trim());
  const seconds = Number(match?.[2]);
  if (match === null || seconds === 0) return undefined;
  return { amount: Number(match[1]), everyMs: seconds * 1000 };
}

export const deprecatevar: ActionDefinition = defineAction(
  'deprecatevar',
  'Lowers a counter over time: deprecatevar:ip.score=60/300 takes off 60 for each 300 seconds.',
  EFFECT,
  (draft, value, context) => {
    const equals = value.indexOf('=');
    const macro = context.macro(equals < 0 ? '' : value.slice(equals + 1));
    const fixed = macro.literal === undefined ? undefined : parseRate(macro.literal);
    if (equals < 0 || (macro.literal !== undefined && fixed === undefined)) {
      throw new ActionValueError(`"${value}" does not say how fast the variable decays`, {
        help: 'write deprecatevar:ip.name=amount/seconds',
      });
    }
    const path = collectionPath(value.slice(0, equals).trim(), 'deprecatevar', context);
    warnWithoutLifetime(path, context);
    draft.effects.push({
      action: 'deprecatevar',
      run: (control) => {
        const rate = fixed ?? parseRate(macro.expand(control));
        if (rate === undefined) return;
        const { amount, everyMs } = rate;
        control
          .expiring(path.collection)
          ?.decay(path.key.expand(control), amount, everyMs, control.nowMs());
      },
    });
  },
);
