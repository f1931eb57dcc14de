import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/regex/matcher.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function allowed(letters: string): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const letter of letters) bytes[letter.charCodeAt(0)] = 1;
  return bytes;
}

describe('mayMatchWithin', () => {
  it.each([
    ['a', 'b', false],
    ['a|b', 'b', true],
    ['a?b', 'b', true],
    ['a*', 'b', true],
    ['(?:a|c)+', 'b', false],
    ['(?i)a', 'A', true],
    ['b(?=a)', 'b', false],
    ['b(?!a)', 'b', true],
    ['\\bb$', 'b', true],
    ['[^b]', 'b', false],
  ])('of %j within %j is %s', (pattern, letters, expected) => {
    expect(compilePattern(pattern).mayMatchWithin?.(allowed(letters))).toBe(expected);
  });

  it('never rules out a pattern that matches', () => {
    const atom = fc.constantFrom('a', 'b', '[^a]', '(?i:B)', '.', '\\w', '\\b', '(?=a)', '(?!b)');
    const pattern = fc
      .array(
        fc.tuple(atom, fc.constantFrom('', '?', '*', '+', '{2}')).map(([one, times]) => {
          return /^\\b|^\(\?[=!]/.test(one) ? one : `(?:${one})${times}`;
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((atoms) => atoms.join(''));
    let ruledOut = 0;
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 2 }),
        fc.constantFrom('a', 'b', 'B', 'ab', '-', 'a-'),
        fc.array(fc.nat(), { maxLength: 6 }),
        (options, letters, picks) => {
          const matcher = compilePattern(options.join('|'));
          if (matcher.mayMatchWithin?.(allowed(letters)) !== false) return;
          ruledOut++;
          const value = picks.map((pick) => letters.charAt(pick % letters.length)).join('');
          expect(matcher.test(value)).toBe(false);
        },
      ),
      { numRuns: RUNS * 10 },
    );
    expect(ruledOut).toBeGreaterThan(RUNS);
  });
});
