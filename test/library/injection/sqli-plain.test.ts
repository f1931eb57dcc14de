import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SQL_WORDS, type WordKind } from '../../../src/library/injection/sqli.data.ts';
import { attackFingerprints } from '../../../src/library/injection/sqli-fingerprints.ts';
import { isPlainText } from '../../../src/library/injection/sqli-plain.ts';
import { printFolded } from './print-tokens.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const WORDS = (Object.keys(SQL_WORDS) as WordKind[]).flatMap((name) => SQL_WORDS[name].split(','));
/** The letters of all tokens that plain text has. */
const PLAIN = /^[1no.,:;?]*$/;

const DIALECTS = ['ansi', 'mysql'] as const;
const QUOTES = [0, 0x27, 0x22] as const;

function kindsOf(input: string): string[] {
  return DIALECTS.flatMap((dialect) =>
    QUOTES.filter((quote) => quote === 0 || input.includes(String.fromCharCode(quote))).map(
      (quote) =>
        printFolded(input, dialect, quote)
          .map((token) => token.charAt(0))
          .join(''),
    ),
  );
}

const piece = fc.oneof(
  fc
    .constantFrom(...WORDS)
    .chain((word) =>
      fc
        .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
        .map((flags) =>
          [...word].map((char, at) => (flags[at] ? char : char.toLowerCase())).join(''),
        ),
    ),
  fc.constantFrom(
    '1',
    '5',
    '0x',
    '0b1',
    '1e',
    '1.',
    '.5',
    'e5',
    'd',
    'f',
    'user',
    'green',
    'x',
    'ab',
    '_',
    '\xe4',
  ),
  fc.constantFrom(...' \t.,:;=+/-?%~<>!^'),
  fc.nat(255).map((code) => String.fromCharCode(code)),
);
const texts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
/** With these alone most texts are plain. */
const plainPiece = fc.constantFrom(
  ...[
    '1',
    '20',
    '0',
    '.',
    'e',
    'd',
    'f',
    'or',
    'u',
    'union',
    'green',
    'Qty',
    ' ',
    ',',
    '-',
    '+',
    '_',
    '/',
    ':',
    '?',
    '=',
  ],
);
const plainTexts = fc.array(plainPiece, { maxLength: 8 }).map((pieces) => pieces.join(''));

describe('isPlainText', () => {
  it('is true only for what no reading takes for an attack', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(texts, plainTexts), (input) => {
        if (!isPlainText(input)) return;
        plain++;
        for (const kinds of kindsOf(input)) expect(kinds, JSON.stringify(input)).toMatch(PLAIN);
      }),
      { numRuns: RUNS * 30 },
    );
    expect(plain).toBeGreaterThan(RUNS);
  });

  it('goes by kinds of tokens that make no fingerprint of an attack', () => {
    const lower = attackFingerprints().map((fingerprint) => fingerprint.toLowerCase());
    expect(lower.filter((fingerprint) => PLAIN.test(fingerprint))).toEqual([]);
  });

  it('is true for what people write and machines count', () => {
    for (const text of [
      'green battery',
      '2020-12-20',
      'GA1.2.1215746796.1878029020',
      'Maja Becker, 12',
      '',
    ]) {
      expect(isPlainText(text), text).toBe(true);
    }
  });

  it('is false for words of SQL, wherever a reading may find them', () => {
    for (const text of [
      ...[
        '1 or 1',
        '1or 1',
        '5.e5or 1',
        '1e+5or 1',
        '0xabor 1',
        '1fUNION x',
        'a.or b',
        'x Union y',
        '.or',
      ],
      ...[
        "it's",
        '1--2',
        '(1)',
        '@a',
        '#',
        '`a`',
        '$a$',
        '[a]',
        'dbms_pipe.receive_message',
        'a\xa0b',
        '\x01a',
      ],
    ]) {
      expect(isPlainText(text), text).toBe(false);
    }
  });
});
