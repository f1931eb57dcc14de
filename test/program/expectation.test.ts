import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../src/program/compile.ts';
import { createExpectation } from '../../src/program/expectation.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { matchedIds, request, wafOf } from '../support/rules.ts';

/** Which rules are expected to match, by id. */
function expected(rules: string): Record<number, boolean | 'maybe'> {
  const ruleset = loadRuleset({ name: 'test.conf', text: rules });
  const expectation = createExpectation();
  const told: Record<number, boolean | 'maybe'> = {};
  for (const phase of [1, 2, 3, 4, 5] as const) {
    expectation.startPhase();
    for (const rule of ruleset.phases[phase]) told[rule.facts.id] = expectation.pass(rule);
  }
  return told;
}

const level = (set: string): string => `
SecAction "id:1,phase:1,pass,nolog,setvar:tx.${set}"
SecRule &TX:blocking_level "@eq 0" "id:2,phase:1,pass,nolog,setvar:tx.blocking_level=1"
SecRule &TX:detection_level "@eq 0" "id:3,phase:1,pass,nolog,setvar:tx.detection_level=%{TX.blocking_level}"
SecRule TX:DETECTION_LEVEL "@lt 1" "id:11,phase:2,pass,nolog,skipAfter:END"
SecRule ARGS "@contains one" "id:21,phase:2,pass"
SecRule TX:DETECTION_LEVEL "@lt 2" "id:12,phase:2,pass,nolog,skipAfter:END"
SecRule ARGS "@contains two" "id:22,phase:2,pass"
SecRule ARGS:mid "@rx ^(.)" "id:29,phase:2,pass,nolog,capture,setvar:tx.detection_level=%{TX.1}"
SecRule TX:DETECTION_LEVEL "@lt 3" "id:13,phase:2,pass,nolog,skipAfter:END"
SecRule ARGS "@contains three" "id:23,phase:2,pass"
SecMarker END
`;

describe('what is expected of rules', () => {
  it('follows from settings, defaults and what they refer to', () => {
    expect(expected(level('blocking_level=2'))).toMatchObject({ 2: false, 3: true, 11: false });
    expect(expected(level('blocking_level=2'))).toMatchObject({ 12: false, 13: true });
    expect(expected(level('other=7'))).toMatchObject({ 2: true, 3: true, 11: false, 12: true });
    expect(expected(level('detection_level=3'))).toMatchObject({ 2: true, 3: false, 13: false });
  });

  it('is unknown for rules that are skipped', () => {
    expect(expected(level('blocking_level=1'))).toMatchObject({
      12: true,
      22: 'maybe',
      13: 'maybe',
    });
  });

  it.each([
    ['another variable', 'SecRule ARGS "@eq 1" "id:9,phase:1,pass"', 'maybe'],
    ['a key by pattern', 'SecRule TX:/level/ "@eq 1" "id:9,phase:1,pass"', 'maybe'],
    ['a sum', 'SecRule TX:sum "@eq 1" "id:9,phase:1,pass"', 'maybe'],
    ['a sum by its value', 'SecRule TX:signed "@eq 1" "id:9,phase:1,pass"', 'maybe'],
    ['text made of a request', 'SecRule TX:name "@streq a" "id:9,phase:1,pass"', 'maybe'],
    ['whether a sum is there', 'SecRule &TX:sum "@eq 1" "id:9,phase:1,pass"', true],
    ['a variable that nothing sets', 'SecRule TX:unset "!@eq 1" "id:9,phase:1,pass"', false],
    ['a macro', 'SecRule TX:two "@gt %{tx.one}" "id:9,phase:1,pass"', true],
    ['a negated test', 'SecRule TX:two "!@eq 2" "id:9,phase:1,pass"', false],
    ['any of several', 'SecRule TX:one|TX:two "@eq 2" "id:9,phase:1,pass"', true],
    ['a change of case', 'SecRule TX:two "@eq 2" "id:9,phase:1,pass,t:lowercase"', 'maybe'],
    ['a name', 'SecRule REMOTE_USER "@streq a" "id:9,phase:1,pass"', 'maybe'],
  ])('looks at TX alone: %s', (_, rule, matches) => {
    const settings = `
SecAction "id:1,phase:1,pass,nolog,setvar:tx.one=1,setvar:tx.two=%{tx.one},setvar:tx.two=2,setvar:tx.sum=+1,\\
  setvar:tx.plus=+3,setvar:'tx.signed=%{tx.plus}',setvar:'tx.name=%{REQUEST_METHOD}'"
`;
    expect(expected(settings + rule)).toMatchObject({ 9: matches });
  });

  it('asks each link of a chain', () => {
    const chain = (second: string): string => `
SecAction "id:1,phase:1,pass,nolog,setvar:tx.a=1"
SecRule TX:a "@eq 1" "id:8,phase:1,pass,chain,setvar:tx.seen=1"
  SecRule ${second} "setvar:tx.both=1"
SecRule &TX:both "@eq 1" "id:9,phase:1,pass"
`;
    expect(expected(chain('TX:a "@ge 1"'))).toMatchObject({ 8: true, 9: true });
    expect(expected(chain('TX:a "@ge 2"'))).toMatchObject({ 8: false, 9: false });
    expect(expected(chain('ARGS "@ge 1"'))).toMatchObject({ 8: 'maybe', 9: false });
  });
});

describe('the tiers that follow from it', () => {
  const tiersOf = (rules: string): number => {
    const program = compileProgram(loadRuleset({ name: 'test.conf', text: rules }));
    return program.filters[2]?.tiers.length ?? 0;
  };

  it('are one for all that is expected to run', () => {
    expect(tiersOf(level('blocking_level=3'))).toBe(1);
    expect(tiersOf(level('blocking_level=2'))).toBe(2);
    expect(tiersOf(level('blocking_level=0'))).toBe(3);
  });

  it('change no verdict where a request sets up something else', () => {
    const raise = (set: string): string =>
      `SecRule ARGS:raise "@unconditionalMatch" "id:4,phase:1,pass,nolog,setvar:tx.detection_level=%{MATCHED_VAR}"\n${level(set)}`;
    for (const set of ['blocking_level=1', 'blocking_level=3']) {
      const waf = wafOf(raise(set));
      const seen = (at: string): readonly number[] =>
        matchedIds(waf, request(`/?raise=${at}&x=one-two-three`));
      expect(seen('0')).toEqual([]);
      expect(seen('1')).toEqual([21]);
      expect(seen('2')).toEqual([21, 22]);
      expect(seen('3')).toEqual([21, 22, 23]);
      expect(seen('2&mid=3')).toEqual([21, 22, 23]);
      expect(seen('3&mid=2')).toEqual([21, 22]);
      expect(seen('3&mid=x')).toEqual([21, 22]);
      expect(seen('1&mid=3')).toEqual([21]);
    }
  });

  it('do not tell of rules that store captures although they do not match', () => {
    const waf = wafOf(`
SecAction "id:1,phase:1,pass,nolog,setvar:tx.level=12"
SecRule ARGS "@contains never" "id:2,phase:2,pass,nolog"
SecRule TX:level "!@rx ^1" "id:3,phase:2,pass,nolog,capture"
SecRule ARGS "@contains never" "id:4,phase:2,pass,nolog"
SecRule TX:0 "@streq 1" "id:5,phase:2,pass,log"
`);
    expect(matchedIds(waf, request('/?a=1'))).toEqual([5]);
  });

  it('do not tell of counts, which ctl may change', () => {
    const waf = wafOf(`
SecAction "id:1,phase:1,pass,nolog,setvar:tx.level=1"
SecRule ARGS:a "@streq 1" "id:2,phase:2,pass,nolog,ctl:ruleRemoveTargetById=3;TX:level"
SecRule &TX:level "@eq 0" "id:3,phase:2,pass,log"
`);
    expect(matchedIds(waf, request('/?a=1'))).toEqual([3]);
    expect(matchedIds(waf, request('/?a=2'))).toEqual([]);
  });
});
