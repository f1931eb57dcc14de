// xmlns: a namespace prefix for XPath targets of the rule.

import { type ActionDefinition, ActionValueError } from '../../model/action.ts';
import { defineAction, METADATA } from './define.ts';

export const xmlns: ActionDefinition = defineAction(
  'xmlns',
  'Namespace prefix for XPath targets, prefix=uri; repeatable.',
  { ...METADATA, group: 'data', inLink: true },
  (draft, value) => {
    const equals = value.indexOf('=');
    if (equals <= 0) {
      throw new ActionValueError(`"${value}" is not a namespace`, {
        help: 'write xmlns:prefix=uri',
      });
    }
    // `xmlns:soap='http://…'` quotes the URI alone.
    const uri = value.slice(equals + 1).replace(/^'(.*)'$/s, '$1');
    draft.xmlns.set(value.slice(0, equals), uri);
  },
);
