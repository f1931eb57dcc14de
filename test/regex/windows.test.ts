import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cover, MAX_LITERAL_BYTES } from '../../src/regex/windows.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const strings = fc.array(
  fc
    .array(fc.constantFrom(...'abx<'), { minLength: 1, maxLength: 12 })
    .map((chars) => chars.join('')),
  { maxLength: 30 },
);

describe('cover', () => {
  it('names a window of each string, or another string within it', () => {
    fc.assert(
      fc.property(strings, (list) => {
        const { windows, wholes } = cover(list);
        for (const string of list) {
          expect([string, wholes.texts.some((text) => string.includes(text))]).toEqual([
            string,
            true,
          ]);
        }
        wholes.texts.forEach((text, at) => {
          expect(list).toContain(text);
          const window = windows[wholes.windows[at] as number] as string;
          expect(text.startsWith(window, wholes.offsets[at])).toBe(true);
        });
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('gives short windows, each in some text, and none twice', () => {
    fc.assert(
      fc.property(strings, (list) => {
        const { windows, wholes } = cover(list);
        expect(new Set(windows).size).toBe(windows.length);
        expect(new Set(wholes.windows).size).toBe(windows.length);
        for (const { length } of windows) expect(length).toBeLessThanOrEqual(MAX_LITERAL_BYTES);
      }),
      { numRuns: RUNS },
    );
  });
});
