// Every option of ctl: what it changes, and what holds without it.

import { describe, expect, it } from 'vitest';
import { itHasEffects, matched } from './effects.ts';
import { rulesOn } from './requests.ts';
import { CTL_ROWS } from './tables/ctl.ts';

describe('ctl', () => {
  itHasEffects(CTL_ROWS, (rules, action) =>
    rulesOn(rules.replace('{}', action === '' ? '' : `,${action}`)),
  );

  it('leaves the rules it removes for skip to count', () => {
    const rules = `SecAction "id:1,phase:1,pass,skip:1,ctl:ruleRemoveById=2"
SecAction "id:2,phase:1,pass"
SecAction "id:3,phase:1,pass"`;
    expect(matched()(rulesOn(rules))).toEqual([1, 3]);
  });

  it('knows its options in any case, and no others', () => {
    const look = matched();
    expect(look(rulesOn('SecAction "id:1,phase:1,pass,ctl:RULEENGINE=off"'))).toEqual([1]);
    expect(look(rulesOn('SecAction "id:1,phase:1,pass,ctl:mood=good"'))).toEqual({
      codes: ['unknown-ctl-option'],
    });
  });
});
