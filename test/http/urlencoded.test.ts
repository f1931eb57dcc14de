import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUrlencoded } from '../../src/http/urlencoded.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const show = (text: string, separator?: string): string[] =>
  parseUrlencoded(text, separator === undefined ? {} : { separator }).args.map(
    ({ key, value }) => `${key}>${value}`,
  );

describe('parseUrlencoded', () => {
  it.each([
    ['nothing', '', []],
    ['order and duplicates', 'b=1&a=2&b=3', ['b>1', 'a>2', 'b>3']],
    ['a name alone', 'abc', ['abc>']],
    ['an empty name', '=x&b=1', ['>x', 'b>1']],
    ['an empty value', 'a=&b=1', ['a>', 'b>1']],
    ['a leading separator', '&a=1', ['>', 'a>1']],
    ['a trailing separator', 'a=1&', ['a>1']],
    ['empty pieces in the middle', 'a=1&&b=2', ['a>1', '>', 'b>2']],
    ['a lone separator', '&', ['>']],
    ['a lone equals sign', '=', ['>']],
    ['equals signs in a value', 'a=b=c', ['a>b=c']],
    ['no separator but the ampersand', 'a=1;b=2', ['a>1;b=2']],
    ['plus and escapes in names', 'a+b%20c=1', ['a b c>1']],
    ['a nul byte', 'a=1%002&b=1\x002', ['a>1\x002', 'b>1\x002']],
    ['the line end of a body', 'a=1\r\n', ['a>1\r\n']],
    ['high bytes', 'a=\xe9', ['a>\xe9']],
    ['an encoded separator', 'a%26b%3d=1', ['a&b=>1']],
  ])('reads %s', (_name, text, pairs) => {
    expect(show(text)).toEqual(pairs);
  });

  it('splits at another separator', () => {
    expect(show('a=1;b=2&c=3', ';')).toEqual(['a>1', 'b>2&c=3']);
  });

  it('reports invalid escapes in names and in values', () => {
    expect(parseUrlencoded('a=%zz%4').invalidEncoding).toBe(true);
    expect(parseUrlencoded('%=1').invalidEncoding).toBe(true);
    expect(parseUrlencoded('a=%41').invalidEncoding).toBe(false);
  });

  it('stops at the limit and says so', () => {
    const reading = parseUrlencoded('a=1&b=2&c=3', { limit: 2 });
    expect(reading.args.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(reading.truncated).toBe(true);
    expect(parseUrlencoded('a=1&b=2', { limit: 2 }).truncated).toBe(false);
  });

  it('reads a million empty pieces in linear time', () => {
    expect(parseUrlencoded('&'.repeat(1_000_000)).args).toHaveLength(1_000_000);
    expect(parseUrlencoded('%'.repeat(1_000_000)).invalidEncoding).toBe(true);
  });

  it('never gives more bytes than it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a&=%+4\x00\xff') }), (text) => {
        const { args } = parseUrlencoded(text);
        const bytes = args.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
        expect(bytes).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: runs },
    );
  });
});
