import { describe, expect, it } from 'vitest';
import { codesOf, matchedIds, request, wafOf } from '../../support/rules.ts';

describe('pause', () => {
  const rules = (actions: string): string => `
    SecAction "id:1,phase:1,log,${actions}"
    SecAction "id:2,phase:1,pass,log"
    SecAction "id:3,phase:2,pass,log"
    SecAction "id:4,phase:5,pass,log"`;

  it('ends the rules of the phase and lets the exchange go on', () => {
    const waf = wafOf(rules('pass,pause:1'));
    expect(matchedIds(waf, request('/'))).toEqual([1, 3, 4]);
    expect(waf.inspect(request('/')).verdict.interruption).toBeNull();
  });

  it('takes macros', () => {
    expect(matchedIds(wafOf(rules('pause:%{tx.delay}')), request('/'))).toEqual([1, 3, 4]);
  });

  it('does nothing in DetectionOnly', () => {
    const waf = wafOf(`SecRuleEngine DetectionOnly\n${rules('pause:1')}`);
    expect(matchedIds(waf, request('/'))).toEqual([1, 2, 3, 4]);
  });

  it('does not take the place of deny', () => {
    const { verdict } = wafOf(rules('deny,pause:1')).inspect(request('/'));
    expect(verdict.interruption).toMatchObject({ rule: 1, action: 'deny' });
  });

  it('warns that there is no delay, and refuses what is no number', () => {
    expect(codesOf(rules('pass,pause:1'))).toEqual(['no-effect']);
    expect(codesOf(rules('pass,pause:long'))).toEqual(['bad-action-value']);
  });
});
