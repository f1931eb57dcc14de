// Every directive in a rule file: what rules do with it, and not without it.

import { describe, expect, it } from 'vitest';
import { DIRECTIVES } from '../../src/seclang/directives.ts';
import { itHasEffects, matched } from './effects.ts';
import { DIRECTIVE_ROWS } from './tables/directives.ts';

describe('directives', () => {
  itHasEffects(DIRECTIVE_ROWS, (rules, directive) => rules.replace('{}', () => directive));

  it('are found by their names in any case, and by no others', () => {
    const look = matched();
    expect(look('SECRULEENGINE On\nsecaction "id:1,phase:1,pass"')).toEqual([1]);
    expect(look('SecRuleEngine On\nSecMood good')).toEqual({ codes: ['unknown-directive'] });
  });

  it('warn wherever the library says that they have no effect', () => {
    const warning = new Set(
      DIRECTIVE_ROWS.filter(({ expected }) => JSON.stringify(expected).includes('no-effect')).map(
        ({ name }) => name,
      ),
    );
    for (const { name, aliases = [], effect } of DIRECTIVES) {
      if (effect !== 'accepted') continue;
      for (const spelling of [name, ...aliases]) expect(warning).toContain(spelling);
    }
  });
});
