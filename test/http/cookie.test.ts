import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../src/http/cookie.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const show = (header: string, format: 0 | 1 = 0): string[] =>
  parseCookies(header, { format }).map(({ key, value }) => `${key}>${value}`);

describe('parseCookies', () => {
  it.each([
    ['two cookies', 'a=1; b=2', ['a>1', 'b>2']],
    ['duplicates and case', 'A=1; a=2; a=3', ['A>1', 'a>2', 'a>3']],
    ['no equals sign', 'abc; b=2', ['abc>', 'b>2']],
    ['no empty names', '=x; b=2', ['b>2']],
    ['equals signs in a value', 'a=b=c', ['a>b=c']],
    ['blanks as data around the equals sign', '  a = 1 ; b=2  ', ['a > 1 ', 'b>2']],
    ['no comma as separator', 'a=1,b=2', ['a>1,b=2']],
    ['names with a dollar sign', '$Version=1; a=2; $Path=/', ['$Version>1', 'a>2', '$Path>/']],
    ['a trailing semicolon', 'a=1;', ['a>1']],
    ['no empty pieces', 'a=1;;;b=2', ['a>1', 'b>2']],
    ['a tab behind the semicolon', 'a=1;\tb=2', ['a>1', 'b>2']],
    ['quotes as data', 'a="1; 2"', ['a>"1', '2">']],
    ['escapes undecoded', 'a=%41+b', ['a>%41+b']],
  ])('reads %s', (_name, header, pairs) => {
    expect(show(header)).toEqual(pairs);
  });

  it('splits at another separator in format 0', () => {
    expect(parseCookies('a=1, b=2', { separator: ',' })).toHaveLength(2);
  });

  it.each([
    [
      'attributes under the name of their cookie',
      '$Version="1"; foo="b;ar"; $Path="/"',
      ['$Version>1', 'foo>b;ar', '$foo_Path>/'],
    ],
    ['commas as separators', 'a=1, b=2', ['a>1', 'b>2']],
    ['an unclosed quote', 'a="1; b=2', ['a>1; b=2']],
    ['blanks around everything', ' a = 1 ;b', ['a>1', 'b>']],
  ])('reads in format 1: %s', (_name, header, pairs) => {
    expect(show(header, 1)).toEqual(pairs);
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a$;,=" \t\x00\xff') }),
        fc.constantFrom(0 as const, 1 as const),
        (header, format) => {
          for (const { key } of parseCookies(header, { format })) expect(key).not.toBe('');
        },
      ),
      { numRuns: runs },
    );
  });
});
