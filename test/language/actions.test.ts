// Every action in a rule: what the rule does with it, and not without it.

import { describe, expect, it } from 'vitest';
import { itHasEffects, matched } from './effects.ts';
import { rulesOn } from './requests.ts';
import { ACTION_ROWS } from './tables/actions.ts';

describe('actions', () => {
  itHasEffects(ACTION_ROWS, (rules, action) =>
    rulesOn(rules.replaceAll('{}', action === '' ? '' : `,${action}`)),
  );

  it('are found by their names in any case', () => {
    const look = matched();
    expect(look(rulesOn('SecAction "ID:1,Phase:1,PASS"'))).toEqual([1]);
  });

  it('load by known names only', () => {
    const look = matched();
    expect(look(rulesOn('SecAction "id:1,phase:1,pass,celebrate"'))).toEqual({
      codes: ['unknown-action'],
    });
  });
});
