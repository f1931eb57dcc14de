import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOccurrence } from '../../src/base/occurrences.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const letters = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'aab '), maxLength });

describe('findOccurrence', () => {
  it('answers as indexOf does, for short patterns and for long ones', () => {
    let long = 0;
    fc.assert(
      fc.property(
        letters(30),
        letters(4),
        fc.nat(500),
        letters(30),
        (before, unit, times, behind) => {
          const pattern = unit.repeat(times);
          const text = before + unit.repeat(1000) + behind;
          expect(findOccurrence(text, pattern)).toBe(text.indexOf(pattern));
          expect(findOccurrence(text, `${pattern}b`)).toBe(text.indexOf(`${pattern}b`));
          if (pattern.length > 200) long++;
        },
      ),
      { numRuns: RUNS * 2 },
    );
    expect(long).toBeGreaterThan(RUNS / 4);
  });

  it('asks about each place until one is accepted, overlapping ones too', () => {
    for (const [unit, times] of [
      ['aa ', 2],
      ['aa ', 500],
      ['a', 1000],
    ] as const) {
      const text = unit.repeat(1500);
      const asked: number[] = [];
      const found = findOccurrence(text, unit.repeat(times), (at) => asked.push(at) === 3);
      expect(asked).toEqual([0, unit.length, unit.length * 2]);
      expect(found).toBe(unit.length * 2);
      expect(findOccurrence(text, unit.repeat(times), () => false)).toBe(-1);
    }
  });
});
