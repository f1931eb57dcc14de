import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLower } from '../../src/base/ascii.ts';
import { buildRowScanner } from '../../src/base/row-scanner.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const SUMMARY = Int32Array.from({ length: 256 }, (_, byte) => 1 << (byte % 31));

const text = (letters: string, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...letters), { maxLength }).map((chars) => chars.join(''));
const phrases = fc.uniqueArray(
  text('ab<\xff', 5).filter((phrase) => phrase !== ''),
  { maxLength: 40 },
);

describe('a row scanner', () => {
  it.each([
    ['complete rows', undefined],
    ['too large an automaton for them', 8],
  ])('finds the owners of all phrases, with %s', (_, mostTableBytes) => {
    fc.assert(
      fc.property(phrases, fc.array(text('abAB<\xff', 30), { maxLength: 5 }), (list, values) => {
        // Phrase n belongs to rules n and 40 - n: over one word, and some rules own two phrases.
        const owners = list.map((_, phrase) => [phrase, 40 - phrase]);
        const scan = buildRowScanner(list, owners, 2, SUMMARY, mostTableBytes);
        for (const value of values) {
          const expected = new Int32Array(2);
          list.forEach((phrase, at) => {
            if (!asciiLower(value).includes(phrase)) return;
            for (const rule of owners[at] ?? []) expected[rule >> 5]! |= 1 << (rule & 31);
          });
          let bytes = 0;
          for (const char of value) bytes |= SUMMARY[char.charCodeAt(0)] ?? 0;
          const found = new Int32Array(2);
          expect(scan(value, found)).toBe(bytes);
          expect([...found]).toEqual([...expected]);
        }
      }),
      { numRuns: RUNS * 3 },
    );
  });

  it('keeps what was found before', () => {
    const found = Int32Array.of(8);
    buildRowScanner(['a'], [[0]], 1, SUMMARY)('xax', found);
    expect(found[0]).toBe(9);
  });
});
