import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyScore, parseFuzzyHash } from '../../../src/library/fuzzy-hash/compare.ts';
import { fuzzyDigest } from '../../../src/library/fuzzy-hash/digest.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The algorithm as it was published: one block size at a time, everything in 32 bits. */
function plainDigest(text: string): string {
  let blockSize = 3;
  while (blockSize * 64 < text.length) blockSize *= 2;
  for (;;) {
    const { pieces, first, second } = plainPieces(text, blockSize);
    if (blockSize === 3 || pieces >= 32) return `${blockSize}:${first}:${second}`;
    blockSize /= 2;
  }
}

function plainPieces(
  text: string,
  blockSize: number,
): { pieces: number; first: string; second: string } {
  const hash = (before: number, byte: number): number =>
    (Math.imul(before, 0x01000193) ^ byte) >>> 0;
  let [one, two, first, second, tail, secondTail, rolling] = [
    0x28021967,
    0x28021967,
    '',
    '',
    '',
    '',
    0,
  ];
  for (let at = 0; at < text.length; at++) {
    one = hash(one, text.charCodeAt(at));
    two = hash(two, text.charCodeAt(at));
    let [sum, weighted, shifted] = [0, 0, 0];
    for (let back = Math.min(6, at); back >= 0; back--) {
      const byte = text.charCodeAt(at - back);
      sum += byte;
      weighted += byte * (7 - back);
      shifted = (shifted << 5) ^ byte;
    }
    rolling = (sum + weighted + shifted) >>> 0;
    if (rolling % blockSize === blockSize - 1) {
      if (first.length < 63) {
        first += LETTERS[one % 64];
        one = 0x28021967;
      } else tail = LETTERS[one % 64] ?? '';
    }
    if (rolling % (blockSize * 2) === blockSize * 2 - 1) {
      if (second.length < 31) {
        second += LETTERS[two % 64];
        two = 0x28021967;
      } else secondTail = LETTERS[two % 64] ?? '';
    }
  }
  return {
    pieces: first.length,
    first: first + (rolling === 0 ? tail : LETTERS[one % 64]),
    second: second + (rolling === 0 ? secondTail : LETTERS[two % 64]),
  };
}

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 400 }),
  fc
    .record({ seed: fc.integer(), length: fc.nat(6000), range: fc.integer({ min: 1, max: 256 }) })
    .map(({ seed, length, range }) => {
      let state = seed >>> 0;
      return Array.from({ length }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return String.fromCharCode((state >>> 16) % range);
      }).join('');
    }),
);

function score(one: string, other: string): number {
  const [first, second] = [parseFuzzyHash(one), parseFuzzyHash(other)];
  if (first === undefined || second === undefined) throw new Error('no hash');
  return fuzzyScore(first, second);
}

describe('a fuzzy hash', () => {
  it.each([
    ['', '3::'],
    [
      'Also called fuzzy hashes, Ctph can match inputs that have homologies.',
      '3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C',
    ],
    [
      'Also called fuzzy hashes, CTPH can match inputs that have homologies.',
      '3:AXGBicFlIHBGcL6wCrFQEv:AXGH6xLsr2C',
    ],
  ])('of %j is %s', (value, expected) => {
    expect(fuzzyDigest(value)).toBe(expected);
  });

  it('is what the published algorithm gives, for any bytes', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(fuzzyDigest(value)).toBe(plainDigest(value));
      }),
      { numRuns: RUNS },
    );
  });

  // A way that is not linear takes longer than that.
  it('comes to an end with a megabyte of anything', { timeout: 60_000 }, () => {
    for (const pump of ['\0', 'a', 'ab', '\xff\0\x01', '0123456789']) {
      const value = pump.repeat(Math.ceil(1_000_000 / pump.length));
      expect(parseFuzzyHash(fuzzyDigest(value))).toBeDefined();
    }
  });
});

describe('the score of two fuzzy hashes', () => {
  const HASH = '3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C';

  it.each([
    [HASH, HASH, 100],
    [HASH, '3:AXGBicFlIHBGcL6wCrFQEv:AXGH6xLsr2C', 22],
    [HASH, '6:AXGHsNhxLsr2C:abc', 26],
    [HASH, '12:AXGHsNhxLsr2C:abc', 0],
    [HASH, '3:abcdefghijklmnop:abcdefgh', 0],
    ['768:aaaaaaabcdefg:x', '768:aaabcdefg:y', 100],
    ['3::', '3::', 100],
  ])('of %s and %s is %i', (one, other, expected) => {
    expect(score(one, other)).toBe(expected);
    expect(score(other, one)).toBe(expected);
  });

  it('is 100 for the same text and between 0 and 100 for others', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(score(fuzzyDigest(one), fuzzyDigest(one))).toBe(100);
        const likeness = score(fuzzyDigest(one), fuzzyDigest(other));
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(100);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    '',
    'ssdeep,1.1--blocksize:hash:hash,filename',
    '3:a',
    'x:a:b',
    '3:a b:c',
    `3:${'a'.repeat(65)}:`,
  ])('is not asked for %j, which is no hash', (line) => {
    expect(parseFuzzyHash(line)).toBeUndefined();
  });
});
