import { describe, expect, it } from 'vitest';
import type { Phase } from '../../src/model/phase.ts';
import { compileProgram } from '../../src/program/compile.ts';
import type { Instruction, PhaseFilter } from '../../src/program/program.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { matchedIds, request, wafOf } from '../support/rules.ts';

interface Filtered {
  readonly rule: Instruction;
  readonly mayMatch: (value: string, bit: number) => boolean;
}

/** The first rule of a phase, with the filter of its values. */
function filtered(rules: string, phase: Phase = 2): Filtered {
  const program = compileProgram(loadRuleset({ name: 'test.conf', text: rules }));
  const { filter } = program.filters[phase] as PhaseFilter;
  return {
    rule: program.phases[phase][0] as Instruction,
    mayMatch: (value, bit) => {
      const found = filter.always.slice();
      const classes = filter.read(value, found);
      const possible = filter.possible(classes);
      return (found[bit >> 5]! & possible[bit >> 5]! & (1 << (bit & 31))) !== 0;
    },
  };
}

describe('the filter of values', () => {
  it.each(['@contains connection-refused', '@pm connection-refused', '@rx (?i)connection-refused'])(
    'asks for the whole text of a rule, where it may be long: %s',
    (operator) => {
      const { rule, mayMatch } = filtered(`SecRule ARGS "${operator}" "id:1,phase:2,pass"`);
      expect(mayMatch('a connection-refused b', rule.bit)).toBe(true);
      for (const part of ['a connection was refused', 'connection-refuse-', 'onnection-refused']) {
        expect([part, mayMatch(part, rule.bit)]).toEqual([part, false]);
      }
    },
  );

  it('asks words of values without quotes, where patterns allow quotes in them', () => {
    const { rule, mayMatch } = filtered(
      `SecRule ARGS "@rx n['\\x5c]*o['\\x5c]*t['\\x5c]*e" "id:1,phase:2,pass"`,
    );
    expect(mayMatch('a note now', rule.bit)).toBe(true);
    expect(mayMatch("a n'ot'e now", rule.bit)).toBe(true);
    expect(mayMatch('on the net', rule.bit)).toBe(false);
  });

  it('knows of negated operators what they look for', () => {
    const { rule, mayMatch } = filtered(
      'SecRule ARGS "!@pm connection-refused login-failed" "id:1,phase:2,pass"',
    );
    expect(rule.denial).toBeGreaterThanOrEqual(0);
    expect(mayMatch('the login-failed', rule.denial)).toBe(true);
    expect(mayMatch('the login was fine', rule.denial)).toBe(false);
    expect(mayMatch('the login was fine', rule.bit)).toBe(true);
  });

  it('tells verdicts of negated operators as they are', () => {
    const waf = wafOf(
      `SecRule ARGS "!@pm connection-refused" "id:1,phase:2,pass,log,capture"
       SecRule ARGS "!@rx ^(?:connection-refused|login-failed)" "id:2,phase:2,pass,log,chain,t:lowercase"
         SecRule MATCHED_VAR "@contains login" "t:none"`,
    );
    const ids = (value: string) => matchedIds(waf, request(`/?a=${value}`));
    expect(ids('connection-refused')).toEqual([]);
    expect(ids('other')).toEqual([1]);
    expect(ids('a-login')).toEqual([1, 2]);
    expect(ids('Login-Failed')).toEqual([1]);
  });
});
