import { describe, expect, it } from 'vitest';
import { MatchLimitError, OperatorArgumentError } from '../../src/model/operator.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import type { Pcre2Pattern } from '../../src/regex/pcre2.ts';
import { MAX_SUBJECT_BYTES, stepLimit } from '../../src/regex/pcre2.ts';
import { printPcre } from '../../src/regex/print-pcre.ts';
import { loadPcre2 } from './oracle.ts';

const pcre2 = loadPcre2();

function compile(source: string): Pcre2Pattern {
  return pcre2.compile(parsePattern(source, dialectFlags('modsecurity-2', {})));
}

describe('createPcre2', () => {
  it('runs what only PCRE2 can', () => {
    expect(compile('\\((?:[^()]|(?R))*\\)').exec('x(a(b)c)')?.groups).toEqual(['(a(b)c)']);
    expect(compile('(a)?(?(1)b|c)').exec('xab')?.groups).toEqual(['ab', 'a']);
    expect(compile('a\\Kb').exec('ab')).toEqual({ index: 1, end: 2, groups: ['b'] });
    expect(compile('a(*SKIP)(*F)|b').exec('ab')?.index).toBe(1);
    expect(compile('(?<q>[\'"]).*?\\k<q>').exec(`x"a'b"`)?.groups).toEqual([`"a'b"`, '"']);
  });

  it('takes bytes for bytes', () => {
    expect(compile('\\K[\\x80-\\xff]').exec('a\xff')?.index).toBe(1);
    expect(compile('\\K\\w').exec('\xe9')).toBeNull();
    expect(compile('\\K\0').exec('a\0')?.index).toBe(1);
  });

  it('folds ASCII letters only', () => {
    expect(compile('(?i)\\K\xe9').exec('\xc9')).toBeNull();
    expect(compile('(?i)\\K[\xe0-\xe9]').exec('\xc9')).toBeNull();
    expect(compile('(?i)\\Kk').exec('K')?.index).toBe(0);
  });

  it('finds doubled caseless letters, which its own reading of [Aa] misses', () => {
    expect(compile('(?i)\\Ka{2}').exec('xAa')?.index).toBe(1);
  });

  it('matches $ at the very end only', () => {
    expect(compile('\\Ka$').exec('a\n')).toBeNull();
    expect(compile('\\Ka$').exec('a')?.end).toBe(1);
  });

  it('searches from an offset, seeing what stands before it', () => {
    expect(compile('\\K\\ba').exec('aa', 1)).toBeNull();
    expect(compile('a\\K').exec('aa', 1)).toEqual({ index: 2, end: 2, groups: [''] });
  });

  it('throws at load for what only PCRE2 finds wrong', () => {
    expect(() => compile('\\p{NoSuchThing}')).toThrow(OperatorArgumentError);
  });

  it.each([50, 5_000, 500_000])('runs out of steps on %i bytes that blow up', (length) => {
    const pattern = compile('(a+)+\\K(?!x)$');
    expect(() => pattern.exec(`${'a'.repeat(length)}!`)).toThrow(MatchLimitError);
  });

  it.each([
    ['(?=(a+))\\1b', 'from every start', 'aab'],
    ['^(?:(?!a*b)a)*(x)\\1', 'in every step', 'aaxx'],
  ])('ends %s, which reads the rest of the subject %s', (source, _, found) => {
    const own = loadPcre2();
    const pattern = own.compile(parsePattern(source, dialectFlags('modsecurity-2', {})));
    for (let time = 0; time < 3; time++) {
      expect(() => pattern.exec('a'.repeat(30_000))).toThrow(MatchLimitError);
      expect(pattern.exec('a'.repeat(100))).toBeNull();
    }
    expect(pattern.exec(found)?.groups[0]).toBe(found);
    expect(own.restarts()).toBe(0);
  });

  it('does not take subjects that are too long for its memory', () => {
    const pattern = compile('a\\K');
    expect(() => pattern.exec('a'.repeat(MAX_SUBJECT_BYTES + 1))).toThrow(MatchLimitError);
    expect(pattern.exec('a'.repeat(MAX_SUBJECT_BYTES))?.end).toBe(1);
  });

  it('goes on after a pattern was freed', () => {
    const pattern = compile('a\\Kb');
    pattern.free();
    expect(pattern.exec('ab')?.index).toBe(1);
    pattern.free();
  });

  it('replaces its module when memory runs out, and patterns follow', () => {
    const own = loadPcre2();
    const early = own.compile(parsePattern('early\\K', dialectFlags('modsecurity-2', {})));
    const body = Array.from({ length: 70 }, (_, at) => `(?:[a-z]${at}){30}`).join('|');
    const held: Pcre2Pattern[] = [];
    for (let at = 0; own.restarts() === 0 && at < 2_000; at++) {
      held.push(
        own.compile(parsePattern(`(?:${body})\\K${at}`, dialectFlags('modsecurity-2', {}))),
      );
    }
    expect(own.restarts()).toBe(1);
    expect(early.exec('early')?.end).toBe(5);
    expect(held[0]!.exec(`${'a0'.repeat(29)}0`)).toBeNull();
    expect(held[0]!.exec(`${'a69'.repeat(30)}0`)?.groups).toEqual(['0']);
  });
});

describe('stepLimit', () => {
  it('bounds steps over all starts, and falls as they get more', () => {
    for (const bytes of [1, 100, 10_000, 1_000_000]) {
      expect(stepLimit(bytes, bytes)).toBeLessThanOrEqual(stepLimit(bytes, 1));
      expect(stepLimit(bytes, bytes) * bytes).toBeLessThanOrEqual(64 * bytes + 4_000_000);
    }
  });
});

describe('printPcre', () => {
  const print = (source: string): string =>
    printPcre(parsePattern(source, dialectFlags('modsecurity-2', {})));

  it('leaves no options in the pattern', () => {
    expect(print('(?i)a(?-s).$')).toBe('[Aaa][^\\x0a]\\z');
  });

  it('keeps settings, names and foreign parts', () => {
    expect(print('(*CRLF)(?<n>a)(?(<n>)b|[cd])(?&n)')).toBe('(*CRLF)(?<n>a)(?(<n>)b|[cd])(?&n)');
  });
});
