import { describe, expect, it } from 'vitest';
import { compileGoRegex } from '../../src/ftw/go-regex.ts';

const finds = (pattern: string, text: string): boolean => {
  const { regex, error } = compileGoRegex(pattern);
  expect(error).toBe('');
  return regex!.test(text);
};

describe('compileGoRegex', () => {
  const cases: readonly [name: string, pattern: string, text: string, found: boolean][] = [
    ['a plain id', '\\[id "\\d+"\\]', 'x [id "942100"] y', true],
    ['escaped punctuation', 'Score: \\-5\\!\\"', 'Score: -5!"', true],
    ['a leading flag', '(?i)abc', 'xABC', true],
    ['a flag in the middle', 'a(?i)bc', 'aBC', true],
    ['a flag in the middle, before it', 'a(?i)bc', 'ABC', false],
    ['a flag that ends with its group', '((?i)a)b', 'AB', false],
    ['a scoped flag', '(?i:a)b', 'Ab', true],
    ['a flag switched off', '(?i)a(?-i)b', 'AB', false],
    ['a folded range', '(?i)[a-f]x', 'Cx', true],
    ['a dot and a line end', 'a.b', 'a\nb', false],
    ['a dot that takes line ends', '(?s)a.b', 'a\nb', true],
    ['a caret per line', '(?m)^b$', 'a\nb\nc', true],
    ['a caret per text', '^b$', 'a\nb\nc', false],
    ['text anchors', '\\Aab\\z', 'ab', true],
    ['a named group', '(?P<x>a)b', 'ab', true],
    ['a literal brace', 'a{b}', 'a{b}', true],
    ['a repeat', 'a{2,3}b', 'xaab', true],
    ['quoted text', '\\Qa.b\\E+', 'a.bb', true],
    ['quoted text, dot', '\\Qa.b\\E', 'axb', false],
    ['a POSIX class', '^[[:alpha:]_]+$', 'ab_', true],
    ['a first bracket in a class', '[]a]', ']', true],
    ['a class in a class', '^[\\d.]+$', '1.2', true],
    ['a negated class in a class', '^[\\D]+$', 'a1', false],
    ['a dash at the end of a class', '^[a-]+$', '-a', true],
    ['a hex escape', '\\x41\\x{42}', 'AB', true],
    ['an octal escape', '\\101', 'A', true],
    ['a Unicode class', '^\\p{Lu}\\pL$', 'Ab', true],
    ['no vertical tab in \\s', '\\s', '\v', false],
    ['a lazy quantifier', '^a+?$', 'aaa', true],
  ];
  for (const [name, pattern, text, found] of cases) {
    it(`${found ? 'finds' : 'does not find'} ${name}`, () => {
      expect(finds(pattern, text)).toBe(found);
    });
  }

  it('says what is wrong with patterns Go refuses', () => {
    for (const pattern of ['(?=a)', '(a', 'a)', '\\1', 'a\\', '[a', '\\y', '(?<n', '*a']) {
      const compiled = compileGoRegex(pattern);
      expect(compiled.regex, pattern).toBe(undefined);
      expect(compiled.error).not.toBe('');
    }
  });

  it('survives deep nesting', () => {
    expect(compileGoRegex('('.repeat(100_000)).regex).toBe(undefined);
  });
});
