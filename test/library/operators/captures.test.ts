import { describe, expect, it } from 'vitest';
import { MatchLimitError } from '../../../src/model/operator.ts';
import { compile, emptyRun, run } from './harness.ts';

describe('captures', () => {
  const CASES: readonly (readonly [string, string, string, readonly string[], string])[] = [
    ['rx', '^(a)(b)(c)?(1)(z)?', 'ab1', ['ab1', 'a', 'b', '', '1'], 'leaves out groups at the end'],
    ['rx', '^(a)(x)?(b)', 'ab', ['ab', 'a', '', 'b'], 'fills groups in between with nothing'],
    [
      'rx',
      '(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)',
      'abcdefghijk',
      ['abcdefghijk', ...'abcdefghi'],
      'stops at 9',
    ],
    ['rx', 'b', 'abc', ['b'], 'takes the whole match without groups'],
    ['rxGlobal', 'a(.)', 'a1a2', ['a1', '1', 'a2', '2'], 'numbers all matches through'],
    ['rxGlobal', '[a-z]*', 'aaa0bbb', ['aaa', 'bbb'], 'leaves out empty matches'],
    ['rxGlobal', '([a-z]*)', '', ['', ''], 'keeps an empty match when it is the only one'],
    ['pm', 'abcd bc', 'xabcdx', ['abc'], 'takes what the automaton had recognised'],
    ['pm', 'foo', 'xFOOx', ['foo'], 'spells it as in the rule'],
    ['pm', 'she he', 'ushers', ['she'], 'takes the longest that ends first'],
    ['detectSQLi', '', "1' or '1'='1", ['s&sos'], 'takes the fingerprint'],
    ['detectXSS', '', '<script>x', ['<script>x'], 'takes the value'],
    ['verifyCC', '\\d{13,16}', 'x4111111111111111y', ['4111111111111111'], 'takes the number'],
    ['contains', 'foo', 'xfoox', [], 'takes nothing'],
    ['within', 'afoob', 'foo', [], 'takes nothing'],
    ['streq', 'foo', 'foo', [], 'takes nothing'],
  ];

  for (const [name, argument, value, captures, fact] of CASES) {
    it(`of @${name} ${fact}: ${JSON.stringify(argument)} on ${JSON.stringify(value)}`, () => {
      const outcome = run(name, argument, value);
      expect(outcome.matched).toBe(true);
      expect(outcome.captures).toEqual(captures);
    });
  }

  it('are not taken when the rule does not want them', () => {
    for (const [name, argument, value] of CASES) {
      const state = { ...emptyRun(argument), capturing: false };
      expect(compile(name, argument).evaluate(value, state)).toBe(true);
      expect(state.captures).toEqual([]);
    }
  });

  it('of @rxGlobal are bounded', () => {
    expect(run('rxGlobal', 'a', 'a'.repeat(100_000)).captures.length).toBe(100);
  });
});

describe('data files', () => {
  const phrases = (text: string, value: string): boolean =>
    run('pmFromFile', 'list.txt', value, { files: { 'list.txt': text } }).matched;

  it('hold one phrase a line, blanks inside included', () => {
    expect(phrases('# comment\nfoo\n\ntwo words\n', 'xx two words yy')).toBe(true);
    expect(phrases('# comment\nfoo\n\ntwo words\n', 'two')).toBe(false);
  });

  it('are trimmed line by line', () => expect(phrases('  foo  \r\nbar\r\n', 'xxfooyy')).toBe(true));

  it('have comments on lines of their own only', () => {
    expect(phrases('# comment\nfoo\n', 'comment')).toBe(false);
    expect(phrases('  # comment\nfoo\n', '# comment')).toBe(false);
    expect(phrases('foo # c\n', 'foo')).toBe(false);
  });

  it('are plain text', () => expect(phrases('|41 42|\n', 'AB')).toBe(false));

  it('may be empty', () => expect(phrases('\n', 'foo')).toBe(false));

  it('may begin with a byte order mark', () =>
    expect(phrases('\xef\xbb\xbffoo', 'foo')).toBe(true));

  it('may be several', () => {
    const files = { 'a.txt': 'foo', 'b.txt': 'bar' };
    expect(run('pmf', 'a.txt b.txt', 'xbar', { files }).matched).toBe(true);
  });

  it('of addresses have comments anywhere, and lists', () => {
    const files = { 'ips.txt': '# list\n10.0.0.0/8, 198.51.100.7\n192.0.2.0/24 # office\n' };
    expect(run('ipMatchFromFile', 'ips.txt', '192.0.2.9', { files }).matched).toBe(true);
    expect(run('ipMatchF', 'ips.txt', '198.51.100.7', { files }).matched).toBe(true);
    expect(run('ipMatchF', 'ips.txt', '192.0.3.9', { files }).matched).toBe(false);
  });
});

describe('macros', () => {
  it('are put into a pattern as they are', () => {
    expect(run('rx', '^%{tx.pat}$', 'abc', { expanded: '^a.c$' }).matched).toBe(true);
    expect(run('rx', '^a+%{tx.pat}[0-9]+$', 'aabc12', { expanded: '^a+bc[0-9]+$' }).matched).toBe(
      true,
    );
  });

  it('that make a pattern invalid are a named failure, not "no match"', () => {
    expect(() => run('rx', '%{tx.pat}', 'abc', { expanded: '(a' })).toThrow(MatchLimitError);
  });

  it('may change with every evaluation', () => {
    const operator = compile('rx', '%{tx.pat}', { expanded: '' });
    for (let at = 0; at < 200; at++) {
      expect(operator.evaluate(`x${at % 100}y`, emptyRun(`x${at % 100}y`))).toBe(true);
      expect(operator.evaluate('x', emptyRun(`x${at % 100}y`))).toBe(false);
    }
  });

  it('are expanded in text and number operators', () => {
    expect(run('streq', '%{tx.v}', 'abc', { expanded: 'abc' }).matched).toBe(true);
    expect(run('strmatch', '%{tx.v}', 'abc', { expanded: '' }).matched).toBe(true);
    expect(run('ge', '%{tx.limit}', '7', { expanded: '5' }).matched).toBe(true);
    expect(run('lt', '%{tx.limit}', '7', { expanded: '5' }).matched).toBe(false);
  });
});
