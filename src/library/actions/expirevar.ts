// expirevar: lets a variable of a persistent collection go after a number of seconds.
//
// A later setvar keeps the pending expiry, as in ModSecurity v2; only another expirevar moves it.

import { leadingInteger } from '../../base/integer.ts';
import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { collectionPath, warnWithoutLifetime } from './collection-path.ts';
import { defineAction, EFFECT } from './define.ts';

export const expirevar: ActionDefinition = defineAction(
  'expirevar',
  'Removes a variable of a persistent collection after some seconds: expirevar:ip.blocked=300.',
  EFFECT,
  (draft, value, context) => {
    const equals = value.indexOf('=');
    const lifetime = context.macro(equals < 0 ? '' : value.slice(equals + 1).trim());
    if (equals < 0 || (lifetime.literal !== undefined && !/^\d+$/.test(lifetime.literal))) {
      throw new ActionValueError(`"${value}" does not say after how many seconds`, {
        help: 'write expirevar:ip.name=seconds',
      });
    }
    const path = collectionPath(value.slice(0, equals).trim(), 'expirevar', context);
    warnWithoutLifetime(path, context);
    draft.effects.push({
      action: 'expirevar',
      run: (control) => {
        const seconds = leadingInteger(lifetime.expand(control));
        const collection = control.expiring(path.collection);
        const key = path.key.expand(control);
        collection?.expire(key, control.nowMs() + seconds * 1000);
        // libmodsecurity looks at the clock whenever a variable is read.
        if (seconds <= 0 && control.settings.behaviour.expiry === 'at-once') collection?.unset(key);
      },
    });
  },
);
