import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { PathSearch } from '../../src/regex/path-search.ts';
import { buildProgram } from '../../src/regex/program.ts';

function search(source: string): PathSearch {
  const { root, groupCount } = parsePattern(source, dialectFlags('modsecurity-2', {}));
  return new PathSearch(buildProgram(root, true), groupCount);
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
    expect(search('(a)(b)?(?:c|x)|ab').exec('ab', 0, 2)?.groups).toEqual([
      'ab',
      undefined,
      undefined,
    ]);
  });

  it('tries no path twice, so that nested loops stay linear', () => {
    const one = search('(?:a*)*(?:a*)*b');
    expect(one.exec('a'.repeat(20_000), 0, 20_000)).toBeNull();
  });

  it('refuses parts that would take too many marks', () => {
    expect(search('(?:a|b)*c').fits(0, 1 << 24)).toBe(false);
  });
});

describe('a regular pattern', () => {
  it('has the same captures on both sides of the length at which the engine changes', () => {
    const pattern = compilePattern('(?:a|b)*(c)');
    for (const length of [10, 3_000_000]) {
      const found = pattern.exec(`${'ab'.repeat(length / 2)}c`);
      expect([found?.index, found?.end, found?.groups[1]]).toEqual([0, length + 1, 'c']);
    }
  });
});
