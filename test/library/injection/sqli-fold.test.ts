import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FINGERPRINT } from '../../../src/library/injection/sqli-fold.ts';
import { printFolded } from './print-tokens.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

interface Row {
  readonly name: string;
  readonly input: string;
  readonly folded: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'nothing', input: '', folded: [] },
  { name: 'only what is skipped at the start', input: '/* a */ ((+ -- b', folded: [] },
  { name: 'skips the start', input: '((- ! NOT int 1', folded: ['1 1'] },
  { name: 'strings side by side', input: "'a' 'b' 'c'", folded: ["s 'a'"] },
  { name: 'semicolons', input: '1;;;2', folded: ['1 1', '; ;', '1 2'] },
  { name: 'operator and signs', input: '1 + + - 2', folded: ['1 1'] },
  { name: 'parenthesis and sign', input: 'a(-1', folded: ['n a', '( (', '1 1'] },
  {
    name: 'phrase',
    input: '1 union all distinct 2',
    folded: ['1 1', 'U union all distinct', '1 2'],
  },
  {
    name: 'phrase of operators',
    input: "'a' sounds like 'b'",
    folded: ["s 'a'", 'o sounds like', "s 'b'"],
  },
  { name: 'NOT after an operator', input: 'a is not null', folded: ['n a', 'o is', 'v null'] },
  { name: 'IF after a semicolon', input: '1;if(', folded: ['1 1', '; ;', 'T if', '( ('] },
  { name: 'IF elsewhere', input: '1 if(', folded: ['1 1', 'f if', '( ('] },
  { name: 'name before a parenthesis', input: 'user()', folded: ['f user', '( (', ') )'] },
  { name: 'USER with arguments', input: 'user(1)', folded: ['n user', '( (', '1 1', ') )'] },
  { name: 'IN with a list', input: '1 in (2', folded: ['1 1', 'o in', '( (', '1 2'] },
  { name: 'IN without a list', input: '1 in 2', folded: ['1 1', 'n in', '1 2'] },
  { name: 'NOT IN with a list', input: 'a not in (2', folded: ['n a', 'o not in', '( (', '1 2'] },
  { name: 'LIKE as a function', input: 'like(1,2', folded: ['f like', '( (', '1 1'] },
  { name: 'LIKE as an operator', input: "'a' like 'b'", folded: ["s 'a'", 'o like', "s 'b'"] },
  { name: 'type before a value', input: 'a, binary 1', folded: ['n a'] },
  { name: 'collation', input: 'a collate utf8_bin b', folded: ['n a', 'A collate', 'n b'] },
  { name: 'backslash before a value', input: '\\1', folded: ['1 1'] },
  { name: 'backslash before arithmetic', input: '\\%1', folded: ['1 \\'] },
  { name: 'parentheses', input: 'a((((1))))', folded: ['n a', '( (', '1 1', ') )'] },
  { name: 'ODBC braces', input: '{x 1}', folded: ['1 1'] },
  { name: 'empty name in braces', input: '1,{``.``.id}', folded: ['1 1', ', ,', '{ {', 'X ``'] },
  { name: 'arithmetic', input: '1+2*3', folded: ['1 1'] },
  { name: 'operators around a value', input: '= 1 =', folded: ['o ='] },
  { name: 'logic around a value', input: '1 and 1 or 1', folded: ['1 1', '& and', '1 1'] },
  { name: 'variable and operand', input: '@a+1', folded: ['v @a'] },
  { name: 'cast', input: "'a'::int", folded: ["s 'a'"] },
  { name: 'list', input: "1,a,'b',@c", folded: ['1 1'] },
  { name: 'sign before a parenthesis', input: 'select -(1', folded: ['E select', '( (', '1 1'] },
  { name: 'sign before a value', input: 'select -1', folded: ['E select', '1 1'] },
  { name: 'signed list', input: '1,-1', folded: ['1 1'] },
  {
    name: 'signed call in a list',
    input: '1,-sin(1)',
    folded: ['1 1', ', ,', 'f sin', '( (', '1 1'],
  },
  { name: 'name with dots', input: '`a` . `b` . `c`', folded: ['n `a`'] },
  { name: 'SELECT with a dot', input: 'select . `a`', folded: ['E select', 'n `a`'] },
  { name: 'five for one', input: '1+(2)+(3)', folded: ['1 1'] },
  { name: 'lists in parentheses', input: '(1),(2),(3', folded: ['1 1'] },
  { name: 'comment at the end', input: '1 /* a */', folded: ['1 1', 'c /* a */'] },
  { name: 'comment inside', input: '1 /* a */ + 2', folded: ['1 1'] },
  {
    name: 'sixth token',
    input: '1 union select a from b',
    folded: ['1 1', 'U union', 'E select', 'n a', 'k from'],
  },
  {
    name: 'backtick that hides the rest',
    input: '1 + sleep `',
    folded: ['1 1', 'o +', 'f sleep', 'c `'],
  },
];

describe('foldTokens', () => {
  for (const { name, input, folded } of ROWS) {
    it(`folds: ${name}`, () => {
      expect(printFolded(input)).toEqual(folded);
    });
  }

  it('has a distinct name for every case', () => {
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  });

  it('keeps the token that was copied twice when more were held', () => {
    expect(printFolded('constraint~CREATE OR REPLACE1e0x1f}')).toEqual([
      'k constraint',
      'n CREATE OR',
      'n CREATE OR',
    ]);
  });

  it('holds five tokens at most, of anything', () => {
    const piece = fc.constantFrom(
      ...["'", '"', '`', '(', ')', '{', '}', ',', ';', '.', '1', 'a', '@', '-', '+', '#', '/*'],
      ...[
        '*/',
        'select ',
        'union ',
        'not ',
        'in ',
        'like ',
        'int ',
        'collate ',
        'a_b ',
        'user',
        '\\',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const input = pieces.join('');
        for (const dialect of ['ansi', 'mysql'] as const) {
          for (const quote of [0, 0x27, 0x22] as const) {
            const folded = printFolded(input, dialect, quote);
            const isEvil = folded.some((line) => line.startsWith('X'));
            expect(folded.length).toBeLessThanOrEqual(MAX_FINGERPRINT + (isEvil ? 1 : 0));
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
