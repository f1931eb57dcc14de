import { describe, expect, it } from 'vitest';
import { editDistance } from '../../src/base/edit-distance.ts';

describe('editDistance', () => {
  const cases: readonly [from: string, to: string, distance: number][] = [
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['abc', 'xabc', 1],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ];
  for (const [from, to, distance] of cases) {
    it(`counts ${distance} between "${from}" and "${to}"`, () => {
      expect(editDistance(from, to, 10)).toBe(distance);
      expect(editDistance(to, from, 10)).toBe(distance);
    });
  }

  it('stops above the limit', () => {
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(3);
    expect(editDistance('a', 'abcdef', 2)).toBe(3);
  });
});
