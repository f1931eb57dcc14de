import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLower } from '../../src/base/ascii.ts';
import { TRANSFORMATIONS } from '../../src/library/transformations/index.ts';
import { buildGappedSearch } from '../../src/regex/gapped-search.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const ENVIRONMENT = { unicodeMap: undefined, htmlEntities: 'superset' } as const;

const text = (letters: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((chars) => chars.join(''));

describe('a search for a few texts', () => {
  it('finds what is there, whatever its case, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(text('ab<k', 1, 5), { minLength: 1, maxLength: 4 }),
        text('abABkK<', 0, 12),
        (texts, value) => {
          // Few bytes, so that the budget lasts.
          const padded = value + '.'.repeat(500);
          const expected = texts.some((one) => asciiLower(value).includes(one));
          expect(buildGappedSearch(texts)?.(padded)).toBe(expected);
        },
      ),
      { numRuns: RUNS * 5 },
    );
  });

  it('never denies what is in a form that lacks some bytes', () => {
    const deleting = TRANSFORMATIONS.filter(({ deletes }) => deletes?.(undefined) !== undefined);
    expect(deleting.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(
        fc.constantFrom(...deleting),
        text('ab/(k', 1, 4),
        text('abAB/(kK \t"\'\\^,;\0\xa0\xc2', 0, 40),
        ({ deletes, apply }, wanted, value) => {
          const search = buildGappedSearch([wanted], deletes?.(undefined) as string);
          if (asciiLower(apply(value, ENVIRONMENT)).includes(wanted)) {
            expect([value, search?.(value)]).toEqual([value, true]);
          }
        },
      ),
      { numRuns: RUNS * 20 },
    );
  });

  it('sees through gaps, and tells when there is something else in them', () => {
    const search = buildGappedSearch(['<title>shell'], ' \n');
    expect(search?.(`<ti\ntle> S hell${'.'.repeat(100)}`)).toBe(true);
    expect(search?.(`<ti-tle> S hell${'.'.repeat(100)}`)).toBe(false);
  });

  it('is not made for many texts, nor for those of which a byte may go', () => {
    expect(buildGappedSearch(['a', 'b', 'c', 'd', 'e'])).toBeUndefined();
    expect(buildGappedSearch(['a b'], ' ')).toBeUndefined();
    expect(buildGappedSearch([''])).toBeUndefined();
  });

  it('gives up where a value is made of beginnings', () => {
    expect(buildGappedSearch(['kkkkb'])?.('k'.repeat(100))).toBe(true);
  });
});
