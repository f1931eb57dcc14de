import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANYTHING, type ByteClasses, mayHold } from '../../src/base/class-need.ts';
import { bytesOf } from '../../src/regex/byte-set.ts';
import { compilePattern } from '../../src/regex/matcher.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/** Classes of the letters that the tests use; all other bytes are one class. */
const KNOWN = 'abAB-c';
const ofByte = (byte: number): number => 1 << (KNOWN.indexOf(String.fromCharCode(byte)) + 1);
const CLASSES: ByteClasses = {
  key: KNOWN,
  ofByte,
  ofSet: (set) => bytesOf(set).reduce((sum, byte) => sum | ofByte(byte), 0),
};
const classesOf = (text: string): number =>
  [...text].reduce((sum, char) => sum | ofByte(char.charCodeAt(0)), 0);

function mayMatchWithin(pattern: string, letters: string): boolean {
  const need = compilePattern(pattern).needs?.(CLASSES) ?? ANYTHING;
  return mayHold(need, classesOf(letters));
}

describe('what a pattern needs', () => {
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
  ])('of %j may be in a value of %j: %s', (pattern, letters, expected) => {
    expect(mayMatchWithin(pattern, letters)).toBe(expected);
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
          const pattern = options.join('|');
          const value = picks.map((pick) => letters.charAt(pick % letters.length)).join('');
          if (mayMatchWithin(pattern, value)) return;
          ruledOut++;
          expect(compilePattern(pattern).test(value)).toBe(false);
        },
      ),
      { numRuns: RUNS * 10 },
    );
    expect(ruledOut).toBeGreaterThan(RUNS);
  });
});
