import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubstringSearch } from '../../src/http/substring-search.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('SubstringSearch', () => {
  it('answers as a search in each range does, for short and for long patterns', () => {
    const letters = (maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...'aab'), minLength: 1, maxLength });
    const cuts = fc.array(fc.nat(400), { maxLength: 8 });
    fc.assert(
      fc.property(letters(400), letters(6), fc.boolean(), cuts, (text, seed, isLong, at) => {
        const pattern = isLong ? seed.repeat(Math.ceil(80 / seed.length)) : seed;
        const subject = isLong ? `${text}${pattern}${text}` : text;
        const borders = [0, ...at.filter((cut) => cut < subject.length), subject.length];
        borders.sort((one, other) => one - other);
        const search = new SubstringSearch(subject, pattern);
        for (let next = 1; next < borders.length; next++) {
          const [from, to] = [borders[next - 1]!, borders[next]!];
          expect(search.occursWithin(from, to)).toBe(subject.slice(from, to).includes(pattern));
        }
      }),
      { numRuns: runs * 5 },
    );
  });
});
