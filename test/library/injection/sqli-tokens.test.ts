import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TOKEN_LENGTH } from '../../../src/library/injection/sqli-token.ts';
import { printTokens } from './print-tokens.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

interface Row {
  readonly name: string;
  readonly input: string;
  readonly tokens: readonly string[];
}

const LONG = 'x'.repeat(40);

const ANSI: readonly Row[] = [
  { name: 'nothing', input: '', tokens: [] },
  { name: 'white space only', input: ' \t\r\n\0\xa0\x7f\x01', tokens: [] },
  { name: 'keyword, number', input: 'SELECT 1', tokens: ['E SELECT', '1 1'] },
  { name: 'words know no case', input: 'sElEcT', tokens: ['E sElEcT'] },
  { name: 'byte 0xDF is not SS', input: 'acce\xdfible', tokens: ['n acce\xdfible'] },
  { name: 'a long word is cut', input: LONG, tokens: [`n ${LONG.slice(0, MAX_TOKEN_LENGTH)}`] },
  { name: 'keyword before a dot', input: 'SELECT.1', tokens: ['E SELECT', '1 .1'] },
  { name: 'keyword before a backtick', input: 'SELECT`a`', tokens: ['E SELECT', 'n `a`'] },
  { name: 'bare word with a dot', input: 'a.b', tokens: ['n a.b'] },
  { name: 'function with dots', input: 'utl_http.request', tokens: ['f utl_http.request'] },
  { name: 'string', input: "'a'", tokens: ["s 'a'"] },
  { name: 'open string', input: "'a", tokens: ["s 'a"] },
  { name: 'doubled quote', input: "'a''b' c", tokens: ["s 'a''b'", 'n c'] },
  { name: 'escaped quote', input: "'a\\'b' c", tokens: ["s 'a\\'b'", 'n c'] },
  { name: 'escaped backslash', input: "'a\\\\' c", tokens: ["s 'a\\\\'", 'n c'] },
  { name: 'prefixes of strings', input: "e'a' n'b'", tokens: ["s 'a'", "s 'b'"] },
  { name: 'prefix and a quote at the end', input: "e'", tokens: ['n e', "s '"] },
  { name: 'unicode string', input: "u&'a'", tokens: ['s uau'] },
  { name: 'open unicode string', input: "U&'a", tokens: ['s ua'] },
  { name: 'Oracle string', input: "q'(a)b)' 1", tokens: ['s qa)bq', '1 1'] },
  { name: 'national Oracle string', input: "nq'!a!'", tokens: ['s qaq'] },
  { name: 'open Oracle string', input: "q'[a", tokens: ['s qa'] },
  { name: 'q with a blank', input: "q' a'", tokens: ['n q', "s ' a'"] },
  { name: 'bits', input: "b'01'", tokens: ["1 b'01'"] },
  { name: 'not bits', input: "b'02'", tokens: ['n b', "s '02'"] },
  { name: 'hexadecimal string', input: "X'fF'", tokens: ["1 X'fF'"] },
  { name: 'dollar string', input: '$$a$$ b', tokens: ['s $a$', 'n b'] },
  { name: 'tagged dollar string', input: '$t$a$t$ b', tokens: ['s $a$', 'n b'] },
  { name: 'open dollar string', input: '$t$a', tokens: ['s $a'] },
  {
    name: 'tag far from the start',
    input: '1 + 2 $t$a$t$',
    tokens: ['1 1', 'o +', '1 2', 's $a$t$'],
  },
  { name: 'money', input: '$1,000.00', tokens: ['1 $1,000.00'] },
  { name: 'lone dollar', input: '$ $a', tokens: ['n $', 'n $', 'n a'] },
  { name: 'dollar and dot', input: '$.a', tokens: ['n $.a'] },
  { name: 'variables', input: '@a @@b @', tokens: ['v @a', 'v @@b', 'v @'] },
  { name: 'quoted variables', input: "@'a' @`b`", tokens: ["v @'a'", 'v @`b`'] },
  { name: 'three sigils', input: '@@@a', tokens: ['v @@', 'v @a'] },
  {
    name: 'numbers',
    input: '1 .5 1.5 1e5 1.e-3',
    tokens: ['1 1', '1 .5', '1 1.5', '1 1e5', '1 1.e-3'],
  },
  { name: 'exponent without digits', input: '1e 1.e+', tokens: ['n 1e', 'n 1.e+'] },
  { name: 'hexadecimal, binary', input: '0x1F 0b01', tokens: ['1 0x1F', '1 0b01'] },
  { name: 'prefix without digits', input: '0xg 0b2', tokens: ['n 0x', 'n g', 'n 0b', '1 2'] },
  {
    name: 'Oracle suffix',
    input: '1f 2d; 3fUNION',
    tokens: ['1 1f', '1 2d', '; ;', '1 3f', 'U UNION'],
  },
  { name: 'number before a word', input: '1FROM', tokens: ['1 1', 'k FROM'] },
  { name: 'lone dot', input: '.', tokens: ['. .'] },
  { name: 'NULL of MySQL', input: '\\N \\n', tokens: ['1 \\N', '\\ \\', 'n n'] },
  { name: 'brackets', input: '[a b] [c', tokens: ['n [a b]', 'n [c'] },
  { name: 'backticks', input: '`a` `sleep` `b', tokens: ['n `a`', 'f `sleep`', 'n `b'] },
  {
    name: 'operators',
    input: '<=> := : :: || && != !! % %=',
    tokens: ['o <=>', 'o :=', ': :', 'o ::', '& ||', '& &&', 'o !=', 'o !!', 'o %', 'o %', 'o ='],
  },
  { name: 'colon at the end', input: 'a:', tokens: ['n a', 'o :'] },
  {
    name: 'punctuation',
    input: '(){},;?]',
    tokens: ['( (', ') )', '{ {', '} }', ', ,', '; ;', '? ?', '? ]'],
  },
  { name: 'comment', input: '1/* a */2', tokens: ['1 1', 'c /* a */', '1 2'] },
  { name: 'open comment', input: '1/* /* a', tokens: ['1 1', 'c /* /* a'] },
  { name: 'nested comment', input: '/* /* */', tokens: ['X /* /* */'] },
  { name: 'shortest nested comment', input: '/*/*/', tokens: ['X /*/*/'] },
  { name: 'conditional comment', input: '/*!1*/', tokens: ['X /*!1*/'] },
  { name: 'slash', input: '1/2', tokens: ['1 1', 'o /', '1 2'] },
  { name: 'line comment', input: '1 -- a\n2', tokens: ['1 1', 'c -- a', '1 2'] },
  { name: 'line comment without a blank', input: '1--2', tokens: ['1 1', 'c --2'] },
  { name: 'hash', input: '1#2', tokens: ['1 1', 'o #', '1 2'] },
];

describe('readToken', () => {
  for (const { name, input, tokens } of ANSI) {
    it(`reads ANSI SQL: ${name}`, () => {
      expect(printTokens(input)).toEqual(tokens);
    });
  }

  it('has a distinct name for every case', () => {
    expect(new Set(ANSI.map(({ name }) => name)).size).toBe(ANSI.length);
  });

  it('reads # as a comment in MySQL', () => {
    expect(printTokens('1#2\n3', 'mysql')).toEqual(['1 1', 'c #2', '1 3']);
  });

  it('reads -- before a digit as two operators in MySQL', () => {
    expect(printTokens('1--2', 'mysql')).toEqual(['1 1', 'o -', 'o -', '1 2']);
  });

  it('reads -- before white space or the end as a comment in MySQL', () => {
    expect(printTokens('1--\0a', 'mysql')).toEqual(['1 1', 'c --\0a']);
    expect(printTokens('1--', 'mysql')).toEqual(['1 1', 'c --']);
  });

  it('starts inside a string when the context is a quote', () => {
    expect(printTokens("a' b", 'ansi', 0x27)).toEqual(["s a'", 'n b']);
    expect(printTokens('a" b', 'mysql', 0x22)).toEqual(['s a"', 'n b']);
    expect(printTokens("' b", 'ansi', 0x27)).toEqual(["s '", 'n b']);
    expect(printTokens('a', 'ansi', 0x27)).toEqual(['s a']);
  });

  it('reads any bytes to the end', () => {
    const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(bytes, fc.constantFrom('ansi' as const, 'mysql' as const), (input, dialect) => {
        expect(printTokens(input, dialect).length).toBeLessThanOrEqual(input.length);
      }),
      { numRuns: RUNS },
    );
  });
});
