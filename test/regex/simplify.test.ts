import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { isRegular } from '../../src/regex/regular.ts';
import { simplify } from '../../src/regex/simplify.ts';

function becomesRegular(source: string): boolean {
  return isRegular(simplify(parsePattern(source, dialectFlags('modsecurity-2', {})).root));
}

describe('simplify', () => {
  it.each([
    ['a possessive loop at the end', '[a-z]++'],
    ['a possessive loop before a byte it cannot hold', '[a-z]++='],
    ['one inside a loop', '(?:[a-z]++,)*'],
    ['an atomic group with one path', '(?>abc)d'],
    ['an atomic group at the end', 'a(?>b|bc)'],
    ['an atomic loop before a byte it cannot hold', '(?>[0-9]+)[a-z]'],
  ])('makes %s plain', (_, source) => {
    expect(becomesRegular(source)).toBe(true);
  });

  it.each([
    ['a possessive loop before a byte it can hold', '[a-z]++a'],
    ['a possessive loop before an assertion that may end the match', '[a-z0-9]++(?<=a)'],
    ['an atomic choice before more', '(?>a|ab)c'],
    ['a possessive loop of groups', '(?:ab)++c'],
    ['a lookahead of two bytes', 'a(?=bc)'],
    ['a possessive loop before an optional byte', 'a++(?:b|)a?'],
  ])('leaves %s as it is', (_, source) => {
    expect(becomesRegular(source)).toBe(false);
  });
});
