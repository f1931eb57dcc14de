import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { matchesWhole } from '../../src/regex/whole.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const rootOf = (source: string) => parsePattern(source, dialectFlags('modsecurity-2', {})).root;

describe('a pattern that matches all of every subject', () => {
  it.each(['^.*$', '.*', '^.+', '(?s)^.{2,}$', '\\A.*\\z'])('is one: %s', (source) => {
    expect(matchesWhole(rootOf(source))).toBe(true);
  });

  it.each([
    '^.*?$',
    '(.*)',
    '^[^\\n]*$',
    '.*.*',
    'a.*',
    '.*$^',
    '$.*',
    '.{0,9}',
    '(?-s)^.*$',
    '\\b.*',
    '^.*+',
    '(?m)^.*$',
  ])('is not: %s', (source) => {
    expect(matchesWhole(rootOf(source))).toBe(false);
  });

  it('gives what a search gives', () => {
    const sources = fc.constantFrom('^.*$', '.*', '^.+$', '.{2,}', '\\A.*\\z', '^.*');
    const subjects = fc.array(fc.constantFrom('a', '\n', '\r', '\0', '\xff'), { maxLength: 5 });
    fc.assert(
      fc.property(sources, subjects, (source, chars) => {
        const subject = chars.join('');
        const matcher = compilePattern(source);
        // The same pattern, written so that nobody recognises it.
        const other = compilePattern(`(?:${source})|(?:${source})x`);
        expect(matcher.test(subject)).toBe(other.test(subject));
        expect(matcher.exec(subject)).toEqual(other.exec(subject));
      }),
      { numRuns: RUNS },
    );
  });
});
