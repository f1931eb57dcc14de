import { describe, expect, it } from 'vitest';
import type { AutomatonLimits } from '../../src/regex/decision.ts';
import { DecisionAutomaton } from '../../src/regex/decision.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { buildProgram } from '../../src/regex/program.ts';

function automaton(source: string, limits?: AutomatonLimits): DecisionAutomaton {
  const { root } = parsePattern(source, dialectFlags('modsecurity-2', {}));
  return new DecisionAutomaton(buildProgram(root, false), limits);
}

describe('DecisionAutomaton', () => {
  const CASES: readonly (readonly [source: string, subject: string, matches: boolean])[] = [
    ['', '', true],
    ['a', '', false],
    ['^$', '', true],
    ['^$', '\n', false],
    ['(?m)^$', 'a\n', false],
    ['(?m)^$', 'a\n\nb', true],
    ['(?m)a$', 'a\nb', true],
    ['a$', 'a\n', false],
    ['a\\Z', 'a\n', true],
    ['a\\Z\\n', 'a\n', true],
    ['a\\Z', 'a\n\n', false],
    ['a\\z', 'a\n', false],
    ['\\bfoo\\b', 'a foo-b', true],
    ['\\bfoo\\b', 'afoo', false],
    ['\\Boo', 'foo', true],
    ['\\s', '\x0b', true],
    ['\\s', '\xa0', false],
    ['\\h', '\xa0', true],
    ['(?i)\xe9', '\xc9', false],
    ['(?i)k', 'K', true],
    ['(?<!\\w)if(?!\\w)', 'x if(', true],
    ['(?<!\\w)if(?!\\w)', 'elif (', false],
    ['[^\\x00]', '\0', false],
    ['^foo|bar', 'xbar', true],
    ['^foo|bar', 'xfoo', false],
  ];

  it.each(CASES)('decides %j on %j', (source, subject, matches) => {
    expect(automaton(source).test(subject)).toBe(matches);
    expect(automaton(source, { states: 1, bytes: 1 }).test(subject)).toBe(matches);
  });

  it('gives the same answer when asked again', () => {
    const one = automaton('\\b(?:a|bc)+$');
    for (let round = 0; round < 3; round++) {
      expect([one.test('x bca'), one.test('bcx'), one.test('abc')]).toEqual([true, false, true]);
    }
  });

  it('looks at the byte before the start of its search', () => {
    expect(automaton('\\ba').test('aa', 1)).toBe(false);
    expect(automaton('^a').test('aa', 1)).toBe(false);
    expect(automaton('(?m)^a').test('\na', 1)).toBe(true);
  });

  it('builds its states once and then only looks them up', () => {
    const one = automaton('(?:a+)+b');
    one.test('a'.repeat(1000));
    const built = one.built;
    one.test('a'.repeat(100_000));
    expect(one.built).toBe(built);
  });

  it('stays within its limits where a pattern has more states than fit', () => {
    const one = automaton('(?:a|b)*a(?:a|b){12}c', { states: 100, bytes: 1 << 20 });
    let subject = '';
    let random = 1;
    for (let at = 0; at < 20_000; at++) {
      random = (random * 48_271) % 2_147_483_647;
      subject += random % 2 === 0 ? 'a' : 'b';
    }
    expect(one.test(subject)).toBe(false);
    expect(one.flushes).toBeGreaterThan(10);
    expect(one.stateCount).toBeLessThanOrEqual(101);
    // One transition built per byte at most, and the idle one with it.
    expect(one.built).toBeLessThanOrEqual(2 * subject.length + 100);
    expect(one.test(`${subject}a${'b'.repeat(12)}c`)).toBe(true);
  });

  it('starts small', () => {
    expect(automaton('[a-z]+@[a-z]+').stateCount).toBeLessThan(4);
  });

  it('takes chars above 0xff by their low byte instead of failing', () => {
    expect(automaton('a').test('\u0161')).toBe(true);
  });
});
