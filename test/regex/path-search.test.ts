import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { PathSearch } from '../../src/regex/path-search.ts';
import { buildProgram } from '../../src/regex/program.ts';

function search(source: string, mostMarks?: number): PathSearch {
  const { root, groupCount } = parsePattern(source, dialectFlags('modsecurity-2', {}));
  return new PathSearch(buildProgram(root, true), groupCount, mostMarks);
}

describe('PathSearch', () => {
  const CASES: readonly (readonly [string, string, number, readonly (string | undefined)[]])[] = [
    ['a|ab', 'xab', 1, ['a']],
    ['(?:ab|a)(c|bcd)', 'abcd', 0, ['abc', 'c']],
    ['(a)|(b)', 'b', 0, ['b', undefined, 'b']],
    ['(a*)*', 'aab', 0, ['aa', '']],
    ['(?:(\\b)|a)+b', 'ab', 0, ['ab', undefined]],
    ['(.*)=(.*)', 'a=b=c', 0, ['a=b=c', 'a=b', 'c']],
    ['(x)?a$', 'xxa', 1, ['xa', 'x']],
    ['a\\Z', 'ba\n', 1, ['a']],
    ['\\b', ' a', 1, ['']],
  ];

  it.each(CASES)('finds what backtracking finds for %j on %j', (source, subject, index, groups) => {
    const found = search(source).exec(subject, 0, subject.length);
    expect(found).toEqual({ index, end: index + groups[0]!.length, groups });
  });

  it('returns null where nothing matches', () => {
    expect(search('a').exec('bbb', 0, 3)).toBeNull();
  });

  it('forgets captures of a path that failed', () => {
    const found = search('(a)(b)?(?:c|x)|ab').exec('ab', 0, 2);
    expect(found).toMatchObject({ groups: ['ab', undefined, undefined] });
  });

  it('tries no path twice, so that nested loops stay linear', () => {
    const one = search('(?:a*)*(?:a*)*b');
    // Within the steps that it may take, which paths taken twice are not.
    expect(one.exec('a'.repeat(200), 0, 200)).toBeNull();
  });

  it('gives up where each start has a long path of its own', () => {
    const subject = `${'a'.repeat(50_000)}:`;
    expect(search('[a-z]{2,200}:').exec(subject, 0, subject.length)).toBeUndefined();
    for (const source of ['[a-z]{2,200}:', '([a-z]{2,200}):']) {
      expect(compilePattern(source).exec(subject)).toMatchObject({ index: 49_800, end: 50_001 });
    }
  });

  it('widens its window as far as a path leads', () => {
    const subject = `${'-'.repeat(3000)}<${'y'.repeat(20_000)}>${'z'.repeat(3000)}`;
    const found = search('<(.*)(y)>').exec(subject, 0, subject.length);
    expect(found).toMatchObject({ index: 3000, end: 23_002 });
  });

  it('gives up a path that would take too many marks', () => {
    const subject = 'ab'.repeat(5000);
    expect(search('(?:a|b)*c', 10_000).exec(subject, 0, subject.length)).toBeUndefined();
  });
});

describe('a regular pattern', () => {
  it('has the same captures on both sides of the length at which the engine changes', () => {
    const pattern = compilePattern('(?:a|b)*(c)');
    const whole = compilePattern('(?:a|b)*c');
    for (const length of [10, 12_000_000]) {
      const subject = `--${'ab'.repeat(length / 2)}c`;
      const found = pattern.exec(subject);
      expect([found?.index, found?.end, found?.groups[1]]).toEqual([2, length + 3, 'c']);
      expect(whole.exec(subject)).toMatchObject({ index: 2, end: length + 3 });
    }
  });
});
