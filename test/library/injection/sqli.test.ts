import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SQL_WORDS } from '../../../src/library/injection/sqli.data.ts';
import { detectSqli, isSingleWord } from '../../../src/library/injection/sqli.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';
import { printFolded } from './print-tokens.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const byte = fc.nat(255).map((code) => String.fromCharCode(code));
const bytes = fc.string({ unit: byte });

const ATTACKS: readonly (readonly [input: string, fingerprint: string])[] = [
  ["1' or '1'='1", 's&sos'],
  ["' or 1=1-- ", 's&1c'],
  ["' or 1=1#", 's&1c'],
  ['" or 1=1#', 's&1c'],
  ["admin'--", 'sc'],
  ['1 union select 1,2,3', '1UE1'],
  ['-1 and sleep(5)', '1&f(1'],
  ['1 or 1=1', '1&1'],
  ['1;drop table users', '1;Tnn'],
  ['1) or (1=1', '1)&(1'],
  ["foo' + 'bar", 'sos'],
  ["a'or'a", 's&s'],
  ['sleep(5)', 'f(1)'],
  ['ascii(substring(version() from 1 for 1))', 'f(f(f'],
  ["1' and sleep(9) #", 's&f(1'],
  ['/*!50000 union*/', 'X'],
  ['1 -- ', '1c'],
  ['1--2', '1c'],
  ['1/* a', '1c'],
  ['name -- sp_password', 'nc'],
  ['1\xa0-- ', '1c'],
  ["x' into outfile '/tmp/x", 'sks'],
];

const HONEST: readonly string[] = [
  '',
  ' ',
  'hello',
  'hello world',
  'this is not isqli',
  "O'Brien",
  "rock 'n' roll",
  '2024-01-02',
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
  'user@example.com',
  'name -- a note',
  "'a' -- a note",
  '1 union',
  "'a' + 'b'",
  'a and 1',
  '1 and 1',
  'a from b',
];

describe('detectSqli', () => {
  it('takes no value for an attack that is made of letters, digits and _ alone', () => {
    const words = Object.values(SQL_WORDS)
      .flatMap((list) => list.split(/[, ]/))
      .filter((word) => /^\w+$/.test(word));
    const numbers = ['', '1', '0x1', '0x', '0b1', '1e', '1e5', '12f', '1d', '_', 'n', 'x', 'q'];
    const taken = words
      .flatMap((word) => numbers.flatMap((number) => [`${number}${word}`, `${number}${word}1`]))
      .filter((value) => detectSqli(value) !== null);
    expect(words.length).toBeGreaterThan(1000);
    expect(taken).toEqual([]);
    const part = fc.oneof(
      fc.constantFrom(...words),
      fc.string({ unit: fc.constantFrom(...'0179abefnxqUZ_') }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => detectSqli(parts.join('')) === null),
      { numRuns: RUNS * 10 },
    );
  });

  for (const [input, fingerprint] of ATTACKS) {
    it(`finds ${fingerprint} in ${JSON.stringify(input)}`, () => {
      expect(detectSqli(input)).toEqual({ fingerprint });
    });
  }

  for (const input of HONEST) {
    it(`finds nothing in ${JSON.stringify(input)}`, () => {
      expect(detectSqli(input)).toBeNull();
    });
  }

  it('reads as MySQL only what ANSI SQL reads otherwise', () => {
    // Only MySQL takes the rest for a comment.
    expect(printFolded("' or 1=1#", 'ansi', 0x27)).not.toContain('c #');
    expect(detectSqli("' or 1=1#")).not.toBeNull();
    expect(detectSqli("' or 1=1 ")).not.toEqual({ fingerprint: 's&1c' });
  });

  it('counts sp_password in small letters only', () => {
    expect(detectSqli('name -- SP_PASSWORD')).toBeNull();
  });

  it('answers for any bytes', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const finding = detectSqli(input);
        if (finding !== null) expect(finding.fingerprint).toMatch(/^(X|[^\0X]{2,5})$/);
      }),
      { numRuns: RUNS },
    );
  });

  // A way that is not linear takes longer than that.
  it('comes to an end with endless repetition', { timeout: 60_000 }, () => {
    const pieces = [
      "'",
      "\\'",
      '"',
      '`',
      '/*',
      '/**/',
      '1/**/+',
      '(',
      '-',
      '--\n',
      '#',
      '1,',
      'a.',
    ];
    const more = ['$a', "x'0", "q'(", 'not ', '{a ', '1 }', '[', 'select ', "''", "b'1", 'u&', '@'];
    for (const piece of [...pieces, ...more]) {
      expect(detectSqli(piece.repeat(200_000)), piece).not.toBeUndefined();
    }
  });
});

describe('isSingleWord', () => {
  it('is true only for what no reading takes for an attack', () => {
    const word = fc.string({
      unit: fc.oneof(byte, fc.constantFrom('a', 'e', 'n', 'q', 'x', 'b', 'u', '0', '1', '_', '$')),
    });
    fc.assert(
      fc.property(word, (input) => {
        if (!isSingleWord(input)) return;
        for (const dialect of ['ansi', 'mysql'] as const) {
          for (const quote of [0, 0x27, 0x22] as const) {
            const folded = printFolded(input, dialect, quote);
            expect(folded.length).toBeLessThanOrEqual(1);
            expect(folded[0] ?? '').not.toMatch(/^X/);
          }
        }
      }),
      { numRuns: RUNS * 10 },
    );
  });

  it('is true for the values that need no reading', () => {
    for (const input of ['', 'hello', '12345', 'UNION', 'caf\xc3\xa9', '_id', 'a1']) {
      expect(isSingleWord(input), input).toBe(true);
    }
    for (const input of ['1a', 'a b', 'a.b', "n'", '-1', '$a', '\xa0', '\x011']) {
      expect(isSingleWord(input), input).toBe(false);
    }
  });
});

const VECTORS = sharedPath('modsecurity', 'unit', 'operators', 'detectSQLi.json');

describeShared('detectSqli on the vectors of ModSecurity', VECTORS, () => {
  const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as { input: string; ret: number }[];
  for (const { input, ret } of vectors) {
    it(`answers ${ret} for ${JSON.stringify(input)}`, () => {
      expect(detectSqli(input) === null ? 0 : 1).toBe(ret);
    });
  }
});
