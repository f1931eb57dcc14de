// Every option of ctl: what it changes, and what holds without it.

import { describe, expect, it } from 'vitest';
import { itHasEffects, matched } from './effects.ts';
import { rulesOn } from './requests.ts';
import { CTL_ROWS } from './tables/ctl.ts';

describe('ctl', () => {
  itHasEffects(CTL_ROWS, (rules, action) =>
    rulesOn(rules.replace('{}', action === '' ? '' : `,${action}`)),
  );

  it('knows its options in any case, and no others', () => {
    const look = matched();
    expect(look(rulesOn('SecAction "id:1,phase:1,pass,ctl:RULEENGINE=off"'))).toEqual([1]);
    expect(look(rulesOn('SecAction "id:1,phase:1,pass,ctl:mood=good"'))).toEqual({
      codes: ['unknown-ctl-option'],
    });
  });
});
