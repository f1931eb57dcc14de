import { describe, expect, it } from 'vitest';
import { OperatorArgumentError } from '../../src/model/operator.ts';
import type { Node } from '../../src/regex/ast.ts';
import { bytesOf } from '../../src/regex/byte-set.ts';
import type { Dialect } from '../../src/regex/dialect.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';

function parse(
  source: string,
  dialect: Dialect = 'modsecurity-2',
): ReturnType<typeof parsePattern> {
  return parsePattern(source, dialectFlags(dialect, {}));
}

/** A tree in one line: sets as their bytes when few, else their number. */
function show(node: Node): string {
  switch (node.kind) {
    case 'set': {
      const bytes = bytesOf(node.set);
      return bytes.length > 4 ? `<${bytes.length}>` : `<${String.fromCharCode(...bytes)}>`;
    }
    case 'sequence':
      return node.items.map(show).join('');
    case 'choice':
      return `{${node.options.map(show).join('|')}}`;
    case 'group':
      return `(${node.index}${node.name === undefined ? '' : `=${node.name}`}:${show(node.body)})`;
    case 'repeat':
      return `${show(node.body)}[${node.min}-${node.max} ${node.mode}]`;
    case 'assert':
      return `@${node.what}@`;
    case 'look':
      return `(${node.negated ? '!' : '='}${node.behind ? 'behind' : 'ahead'}:${show(node.body)})`;
    case 'atomic':
      return `(>${show(node.body)})`;
    case 'backreference':
      return `#${node.index}${node.caseless ? 'i' : ''}`;
    case 'foreign':
      return `!${node.what}!`;
  }
}

describe('parsePattern', () => {
  const READINGS: readonly (readonly [name: string, source: string, tree: string])[] = [
    ['the empty pattern', '', ''],
    ['literals', 'a/"', '<a></><">'],
    ['alternatives, one of them empty', 'a|b|', '{<a>|<b>|}'],
    ['numbered and named groups', '(a)(?<x>b)(?P<y>c)', '(1:<a>)(2=x:<b>)(3=y:<c>)'],
    ['a group that does not capture', '(?:a|b)', '{<a>|<b>}'],
    [
      'greedy, lazy and possessive counts',
      'a*b+?c{2,3}+',
      '<a>[0-Infinity greedy]<b>[1-Infinity lazy]<c>[2-3 possessive]',
    ],
    ['a brace that counts nothing', 'a{,3}b{', '<a><{><,><3><}><b><{>'],
    ['octal bytes', '\\0a\\101\\18', `<\0><a><A><\x01><8>`],
    ['an octal number where there are too few groups', '(a)\\12', '(1:<a>)<\n>'],
    ['a back reference from one digit', '(a)\\1', '(1:<a>)#1'],
    ['relative and named references', '(?<n>a)\\g{-1}\\k<n>(?P=n)', '(1=n:<a>)#1#1#1'],
    ['hexadecimal bytes', '\\x41\\x{42}\\x4', '<A><B><\x04>'],
    ['control chars', '\\cA\\e\\a\\t', '<\x01><\x1b><\x07><\t>'],
    ['a quoted part', '\\Qa.b\\E+', '<a><.><b>[1-Infinity greedy]'],
    ['a bracket that comes first in a class', '[]a]', '<]a>'],
    ['a hyphen at either end of a class', '[-a][a-]', '<-a><-a>'],
    ['a hyphen before a set in a class, as PCRE1 and Perl do', '[\\d-z]', '<12>'],
    ['empty quotes anywhere in a class', '[\\E^\\Q\\E]a\\E-\\Ec-\\E]', '<251>'],
    ['POSIX classes', '[[:digit:]_][[:^digit:]]', '<11><246>'],
    ['\\b in a class', '[\\b]', '<\b>'],
    ['a caseless letter', '(?i)a1', '<Aa><1>'],
    ['an option to the end of its group', 'a(?:(?i)b|c)d', '<a>{<Bb>|<Cc>}<d>'],
    ['an option for one group', '(?i:a)a', '<Aa><a>'],
    ['a dot without DOTALL', '(?-s).', '<255>'],
    ['anchors', '^a$', '@subject-start@<a>@subject-end@'],
    ['anchors in multiline mode', '(?m)^a$', '@line-start@<a>@line-end@'],
    [
      'absolute anchors',
      '\\Aa\\Z\\z',
      '@subject-start@<a>@subject-end-or-last-newline@@subject-end@',
    ],
    ['extended mode', '(?x) a b # c\n [ ] \\ ', '<a><b>< >< >'],
    ['lookarounds', '(?=a)(?!b)(?<=c)(?<!d)', '(=ahead:<a>)(!ahead:<b>)(=behind:<c>)(!behind:<d>)'],
    ['a repeated lookaround, which is tried once', '(?=a){3}', '(=ahead:<a>)'],
    ['alphabetic assertions', '(*pla:a)(*nlb:b)', '(=ahead:<a>)(!behind:<b>)'],
    ['a comment between an item and its count', 'a(?#x)*', '<a>[0-Infinity greedy]'],
    ['a comment before the suffix of a count', 'a+(?#x)+', '<a>[1-Infinity possessive]'],
    ['a blank there in extended mode', '(?x)a+ ?', '<a>[1-Infinity lazy]'],
    ['recursion', 'a(?R)', '<a>!recursion!'],
    ['a conditional group', '(a)?(?(1)b|c)', '(1:<a>)[0-1 greedy]!a conditional group!'],
    ['verbs', 'a(*SKIP)(*F)', '<a>!(*SKIP)!!(*F)!'],
    ['swapped greed', '(?U)a*b*?', '<a>[0-Infinity lazy]<b>[0-Infinity greedy]'],
    ['groups that (?n) keeps from capturing', '(?n)(a)(?<x>b)', '<a>(1=x:<b>)'],
  ];

  it('names its readings uniquely', () => {
    expect(new Set(READINGS.map(([name]) => name)).size).toBe(READINGS.length);
  });

  it.each(READINGS)('reads %s', (_, source, tree) => {
    expect(show(parse(source).root)).toBe(tree);
  });

  it('reads $ by the dialect', () => {
    expect(show(parse('$', 'modsecurity-3').root)).toBe('@line-end@');
    expect(show(parse('(?-m)$', 'modsecurity-3').root)).toBe('@subject-end-or-last-newline@');
  });

  const ERRORS: readonly (readonly [source: string, offset: number])[] = [
    ['(a', 0],
    ['a)', 1],
    ['[a', 0],
    ['[]', 0],
    ['*a', 0],
    ['a**', 2],
    ['^*', 1],
    ['a|+', 2],
    ['a{3,2}', 1],
    ['a{70000}', 1],
    ['[z-a]', 1],
    ['[[:foo:]]', 3],
    ['[[.a.]]', 1],
    ['[:alpha:]', 0],
    ['\\', 0],
    ['a\\y', 1],
    ['\\1', 0],
    ['(a)\\2', 3],
    ['\\k<x>', 0],
    ['\\g', 0],
    ['\\x{100}', 2],
    ['\\x{4', 4],
    ['\\x{}', 2],
    ['\\o', 2],
    ['\\777', 0],
    ['\\c', 2],
    ['\\N{U+41}', 0],
    ['[\\B]', 1],
    ['(?<n>a)(?<n>b)', 7],
    ['(?<1>a)', 3],
    ['(?z)', 2],
    ['(?<=a*)b', 0],
    ['(?#a', 0],
    ['(*FOO)', 0],
    ['(?(1)a|b)', 3],
    ['()(?(1)a|b|c)', 2],
    ['(?1)', 0],
    ['\\p', 0],
    ['a\u0100', 1],
    [`${'('.repeat(251)}${')'.repeat(251)}`, 250],
  ];

  it.each(ERRORS)('reports the place of the error in %s', (source, offset) => {
    let thrown: unknown;
    try {
      parse(source);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OperatorArgumentError);
    expect(thrown).toMatchObject({ code: 'invalid-regex', offset });
  });

  it.each(['(*UTF)a', '(*UTF8)a', '(*UCP)\\w'])('refuses the Unicode mode of %s', (source) => {
    expect(() => parse(source)).toThrow(expect.objectContaining({ code: 'regex-unsupported' }));
  });

  it('ignores settings that change no match', () => {
    expect(show(parse('(*NO_JIT)(*LIMIT_MATCH=5)a').root)).toBe('<a>');
  });

  it('lists what only PCRE2 runs', () => {
    expect(parse('a\\K(?R)?').foreign).toEqual(['\\K', 'recursion']);
    expect(parse('(?=a)b++').foreign).toEqual([]);
  });

  it('survives 10,000 opening parentheses and brackets', () => {
    for (const source of ['('.repeat(10_000), '['.repeat(10_000), '(?:'.repeat(10_000)]) {
      expect(() => parse(source)).toThrow(OperatorArgumentError);
    }
  });
});
