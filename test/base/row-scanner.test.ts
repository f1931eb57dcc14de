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
          const expected = [0, 0];
          list.forEach((phrase, at) => {
            if (!asciiLower(value).includes(phrase)) return;
            for (const rule of owners[at] ?? []) expected[rule >> 5]! |= 1 << (rule & 31);
          });
          let bytes = 0;
          for (const char of value) bytes |= SUMMARY[char.charCodeAt(0)] ?? 0;
          const found = [0, 0];
          expect(scan(value, found)).toBe(bytes);
          expect([...found]).toEqual([...expected]);
        }
      }),
      { numRuns: RUNS * 3 },
    );
  });

  it('finds in long texts what it finds in short ones', () => {
    // Phrases across the places where a long text is divided: quarters, and pieces of 32 KB.
    const long = fc.record({
      length: fc.oneof(
        fc.integer({ min: 120, max: 600 }),
        fc.integer({ min: 32_700, max: 70_000 }),
      ),
      put: fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), text('abAB<\xff', 6)), {
        maxLength: 6,
      }),
      near: fc.constantFrom(0, 1 / 4, 1 / 2, 3 / 4, 1),
    });
    fc.assert(
      fc.property(phrases, long, (list, { length, put, near }) => {
        const owners = list.map((_, phrase) => [phrase]);
        const scan = buildRowScanner(list, owners, 2, SUMMARY);
        let value = 'x'.repeat(length);
        for (const [distance, piece] of put) {
          const places = [Math.floor(length * near) - 200 + distance, 32_768 - 200 + distance];
          for (const at of places) {
            if (at < 0 || at > length) continue;
            value = value.slice(0, at) + piece + value.slice(at + piece.length);
          }
        }
        const found = [0, 0];
        let bytes = 0;
        for (const char of new Set(value)) bytes |= SUMMARY[char.charCodeAt(0)] ?? 0;
        expect(scan(value, found)).toBe(bytes);
        list.forEach((phrase, at) => {
          const isFound = (found[at >> 5]! & (1 << (at & 31))) !== 0;
          expect([phrase, isFound]).toEqual([phrase, asciiLower(value).includes(phrase)]);
        });
      }),
      { numRuns: RUNS * 2 },
    );
  });

  describe('that is given longer texts around phrases', () => {
    const around = fc.record({
      before: text('ab<\xff', 6),
      phrase: text('ab<\xff', 4).filter((phrase) => phrase !== ''),
      behind: text('ab<\xff', 6),
    });
    const lists = fc.array(around, { minLength: 1, maxLength: 20 }).map((parts) => {
      const known = [...new Set(parts.map(({ phrase }) => phrase))];
      const wholes = parts.map(({ before, phrase, behind }, owner) => ({
        phrase: known.indexOf(phrase),
        text: before + phrase + behind,
        offset: before.length,
        owner,
      }));
      // The first phrase has an owner of its own, too.
      return { known, wholes, owners: known.map((_, at) => (at === 0 ? [40] : [])) };
    });

    it.each([
      ['short', 0],
      ['long', 40_000],
    ])('finds the owners of those that occur, in %s values', (_, length) => {
      fc.assert(
        fc.property(lists, fc.array(text('abAB<\xff', 30)), (list, pieces) => {
          const { known, wholes, owners } = list;
          const scan = buildRowScanner(known, owners, 2, SUMMARY, undefined, undefined, wholes);
          const filling = '.'.repeat(Math.floor(length / (pieces.length + 1)));
          const value = pieces.map((piece) => filling + piece).join('') + filling;
          const found = [0, 0];
          scan(value, found);
          const isFound = (owner: number): boolean =>
            (found[owner >> 5]! & (1 << (owner & 31))) !== 0;
          const folded = asciiLower(value);
          for (const { text: whole, owner } of wholes) {
            expect([whole, isFound(owner)]).toEqual([whole, folded.includes(whole)]);
          }
          expect(isFound(40)).toBe(folded.includes(known[0] as string));
        }),
        { numRuns: RUNS },
      );
    });

    it('takes them to be there in the end where a value is made of beginnings', () => {
      const whole = { phrase: 0, text: `${'a'.repeat(40)}b`, offset: 0, owner: 1 };
      const tables = [undefined, 8];
      for (const most of tables) {
        const scan = buildRowScanner(['aa'], [[]], 1, SUMMARY, most, undefined, [whole]);
        const found = [0];
        scan('a'.repeat(5000), found);
        expect(found).toEqual([2]);
      }
    });
  });

  it('keeps what was found before', () => {
    const found = [8];
    buildRowScanner(['a'], [[0]], 1, SUMMARY)('xax', found);
    expect(found[0]).toBe(9);
  });
});
