// initcol: opens a persistent collection for the rest of the transaction.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { PERSISTENT } from './collection-path.ts';
import { defineAction, EFFECT } from './define.ts';

export const initcol: ActionDefinition = defineAction(
  'initcol',
  'Opens a persistent collection, name=key; macros allowed in the key.',
  EFFECT,
  (draft, value, context) => {
    const equals = value.indexOf('=');
    const name = value.slice(0, Math.max(0, equals)).trim().toUpperCase();
    const help = `write initcol:ip=%{REMOTE_ADDR}; collections are ${PERSISTENT.join(', ').toLowerCase()}`;
    if (equals <= 0) throw new ActionValueError(`"${value}" does not open a collection`, { help });
    if (!PERSISTENT.includes(name)) {
      // All engines load it, and none has such a collection.
      context.warn(
        'no-effect',
        `"${name.toLowerCase()}" is not a collection; initcol does nothing`,
        help,
      );
      return;
    }
    const key = context.macro(value.slice(equals + 1));
    draft.effects.push({
      action: 'initcol',
      run: (control) => control.openCollection(name, key.expand(control)),
    });
  },
);
