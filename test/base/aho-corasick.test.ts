import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AhoCorasick, buildAhoCorasick } from '../../src/base/aho-corasick.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const FORMS = [
  { form: 'dense', maxTableBytes: Number.POSITIVE_INFINITY },
  { form: 'sparse', maxTableBytes: 0 },
] as const;

function occurrences(automaton: AhoCorasick, text: string): string[] {
  const found: string[] = [];
  automaton.scan(text, (phrase, end) => found.push(`${end}:${phrase}`));
  return found.sort();
}

function naiveOccurrences(phrases: readonly string[], text: string, caseless: boolean): string[] {
  const fold = (one: string): string =>
    caseless ? one.replace(/[A-Z]/g, (c) => c.toLowerCase()) : one;
  const found: string[] = [];
  for (const [index, phrase] of phrases.entries()) {
    if (phrase === '') continue;
    for (let end = phrase.length; end <= text.length; end++) {
      if (fold(text.slice(end - phrase.length, end)) === fold(phrase))
        found.push(`${end}:${index}`);
    }
  }
  return found.sort();
}

const word = fc
  .array(fc.constantFrom('a', 'b', 'A', 'c', '\xe9', '\xc9', '\0'), { maxLength: 5 })
  .map((chars) => chars.join(''));
const longText = fc.array(word, { maxLength: 12 }).map((words) => words.join(''));

for (const { form, maxTableBytes } of FORMS) {
  describe(`Aho-Corasick, ${form}`, () => {
    it('finds what a naive search finds', () => {
      fc.assert(
        fc.property(
          fc.array(word, { maxLength: 8 }),
          longText,
          fc.boolean(),
          (phrases, text, caseless) => {
            const automaton = buildAhoCorasick(phrases, { caseless, maxTableBytes });
            const expected = naiveOccurrences(phrases, text, caseless);
            expect(occurrences(automaton, text)).toEqual(expected);
            expect(automaton.test(text)).toBe(expected.length > 0);

            const bits = new Int32Array(1);
            automaton.mark(text, bits);
            const marked = phrases
              .map((_, index) => index)
              .filter((index) => (bits[0]! >> index) & 1);
            expect(marked).toEqual(
              [...new Set(expected.map((hit) => Number(hit.split(':')[1])))].sort((a, b) => a - b),
            );

            const first = automaton.first(text);
            const ends = expected.map((hit) => Number.parseInt(hit, 10));
            expect(first?.end).toBe(ends.length === 0 ? undefined : Math.min(...ends));
            if (first !== null) expect(expected).toContain(`${first.end}:${first.phrase}`);
          },
        ),
        { numRuns: RUNS * 5 },
      );
    });

    it('follows failure links over more than one step', () => {
      const automaton = buildAhoCorasick(['etc/apache2/x', 'apache/conf', 'a/c', 'che/z'], {
        maxTableBytes,
      });
      expect(automaton.test('etc/apache/conf')).toBe(true);
      expect(automaton.test('etc/apache/z')).toBe(true);
      expect(automaton.test('etc/apach/conf')).toBe(false);
      expect(automaton.test('etc/apacha/c')).toBe(true);
    });

    it('answers the path it had recognised when a phrase ended inside another', () => {
      const automaton = buildAhoCorasick(['abcd', 'bc'], { caseless: true, maxTableBytes });
      expect(automaton.first('xABCdx')).toEqual({ end: 4, phrase: 1, path: 'abc' });
    });

    it('reports equal phrases, each by its own number, the first of them as first', () => {
      const automaton = buildAhoCorasick(['x', 'ab', 'AB', 'ab'], {
        caseless: true,
        maxTableBytes,
      });
      expect(occurrences(automaton, 'ab')).toEqual(['2:1', '2:2', '2:3']);
      expect(automaton.first('ab')?.phrase).toBe(1);
    });

    it('knows all 256 bytes', () => {
      const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
      const automaton = buildAhoCorasick(all, { maxTableBytes });
      for (const [code, byte] of all.entries())
        expect(occurrences(automaton, byte)).toEqual([`1:${code}`]);
    });

    it.each([6000, 8000])('finds each of %i phrases by its number', (count) => {
      // Five states each and one more: on both sides of what two bytes can number.
      const phrases = Array.from({ length: count }, (_, at) =>
        String.fromCharCode(at >> 8, at & 0xff, 1, 2, 3),
      );
      const automaton = buildAhoCorasick(phrases, { maxTableBytes });
      for (const at of [0, 1, 255, 256, count - 1]) {
        expect(automaton.first(`zz${phrases[at]}zz`)).toEqual({
          end: 7,
          phrase: at,
          path: phrases[at],
        });
      }
      expect(automaton.test('abc')).toBe(false);
    });

    it('folds ASCII letters only', () => {
      const automaton = buildAhoCorasick(['\xe9@[`{K'], { caseless: true, maxTableBytes });
      expect(automaton.test('\xe9@[`{k')).toBe(true);
      expect(automaton.test('\xc9@[`{k')).toBe(false);
      expect(automaton.test('\xe9`[`{k')).toBe(false);
    });

    it('finds nothing with no phrases', () => {
      const automaton = buildAhoCorasick([], { maxTableBytes });
      expect(automaton.first('abc')).toBeNull();
    });

    it('marks in linear time when every prefix of a long run is a phrase', () => {
      const phrases = Array.from({ length: 500 }, (_, length) => 'a'.repeat(length + 1));
      const automaton = buildAhoCorasick(phrases, { maxTableBytes });
      const bits = new Int32Array(16);
      const start = performance.now();
      automaton.mark('a'.repeat(500_000), bits);
      expect(performance.now() - start).toBeLessThan(1000);
      expect(bits[0]).toBe(-1);
    });
  });
}

describe('Aho-Corasick with a phrase file of 6,000 lines', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const syllables = [
    'wp',
    'admin',
    'config',
    '.php',
    '/',
    'etc',
    'back',
    'up',
    '_',
    'sql',
    'old',
    '.',
    'java',
    'lang',
    'exec',
  ];
  const phrases = Array.from(
    { length: 6000 },
    () =>
      Array.from({ length: 2 + random(4) }, () => syllables[random(syllables.length)]).join('') +
      random(1000),
  );

  it('stays below 4 MB', () => {
    expect(buildAhoCorasick(phrases, { caseless: true }).byteLength).toBeLessThan(4 * 1024 * 1024);
  });

  it('is built in well under a second', () => {
    const start = performance.now();
    buildAhoCorasick(phrases, { caseless: true });
    expect(performance.now() - start).toBeLessThan(300);
  });
});
