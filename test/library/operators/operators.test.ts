import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/library/operators/index.ts';
import { refusal, run } from './harness.ts';

/** Operator, argument, value, whether it matches, and what that shows. */
type Row = readonly [name: string, argument: string, value: string, matches: boolean, fact: string];

const ROWS: readonly Row[] = [
  ['rx', 'a.b', 'a\nb', true, 'lets . match a line feed'],
  ['rx', '(?i)\\xe9', '\xc9', false, 'folds ASCII only'],
  ['rx', '\\A[\\x80-\\xff]+\\z', '\xe9\xff', true, 'reads bytes'],
  ['rx', '\\w', '\xe9', false, 'has ASCII word chars'],
  ['rx', '\\s', '\xa0', false, 'has ASCII white space'],
  ['rx', 'a\\x00b', 'a\0b', true, 'reads behind a NUL'],
  ['rx', '', 'abc', true, 'matches everything with an empty pattern'],
  ['rx', 'abc ', 'abc', false, 'keeps a trailing blank of the pattern'],
  ['rx', 'a$', 'a\n', false, 'lets $ match at the very end only'],
  ['rx', '^b', 'a\nb', false, 'lets ^ match at the very beginning only'],
  ['rx', 'a # b', 'a # b', true, 'takes # literally'],
  ['contains', 'abc', 'xabcx', true, 'finds the argument'],
  ['contains', 'abc', 'ABC', false, 'minds case'],
  ['contains', '', 'abc', true, 'finds an empty argument in everything'],
  ['beginsWith', '', 'abc', true, 'accepts an empty argument'],
  ['beginsWith', 'abc', '', false, 'does not match a shorter value'],
  ['beginsWith', 'ab', 'xab', false, 'minds the place'],
  ['endsWith', 'abc', 'xabc', true, 'finds the argument at the end'],
  ['endsWith', 'abc', 'ABC', false, 'minds case'],
  ['endsWith', '', 'abc', true, 'accepts an empty argument'],
  ['streq', '', 'abc', false, 'compares with an empty argument'],
  ['streq', 'abc ', 'abc', false, 'keeps a trailing blank of the argument'],
  ['streq', 'a\\\\b', 'a\\b', false, 'keeps backslashes'],
  ['within', 'abc', 'b', true, 'finds the value in the argument'],
  ['within', 'abc', 'ABC', false, 'minds case'],
  ['within', '', 'abc', false, 'finds nothing in an empty argument'],
  ['within', 'abc', '', true, 'finds an empty value everywhere'],
  ['within', 'GET,POST', 'GET,P', true, 'knows no word boundaries'],
  ['within', 'abc', 'b\0', false, 'minds a NUL'],
  ['strmatch', 'abc', 'xabcx', true, 'finds the argument'],
  ['strmatch', 'abc', '', false, 'does not match an empty value'],
  ['containsWord', 'abc', 'x abc x', true, 'finds a word'],
  ['containsWord', 'abc', 'x abc', true, 'finds a word at the end'],
  ['containsWord', 'abc', 'ABC', false, 'minds case'],
  ['containsWord', 'abc', 'x_abc', false, 'counts _ as part of a word'],
  ['containsWord', 'abc', 'abc1', false, 'counts digits as part of a word'],
  ['containsWord', 'abc', 'x-abc-y', true, 'takes a dash for a boundary'],
  ['containsWord', 'abc', '\xe9abc', true, 'takes a high byte for a boundary'],
  ['containsWord', 'abc', 'xabc abc', true, 'looks on behind a partial word'],
  ['containsWord', '', 'abc', true, 'accepts an empty argument'],
  ['eq', '5', '05', true, 'ignores leading zeros'],
  ['eq', '5', '5abc', true, 'ignores trailing text'],
  ['eq', '5', ' 5', true, 'ignores leading blanks'],
  ['eq', '5', '+5', true, 'reads a plus sign'],
  ['eq', '0', 'abc', true, 'reads text as 0'],
  ['eq', '0', '', true, 'reads nothing as 0'],
  ['eq', '0', '-0', true, 'knows one zero'],
  ['eq', '1', '1.9', true, 'stops at a dot'],
  ['eq', '16', '0x10', false, 'reads decimal only'],
  ['eq', '4294967297', '4294967297', true, 'reads beyond 32 bits'],
  ['eq', '1', '4294967297', false, 'does not wrap around at 32 bits'],
  ['eq', '9007199254740993', '9007199254740992', false, 'is exact beyond 53 bits'],
  ['eq', '9223372036854775807', '9223372036854775807', true, 'is exact up to 64 bits'],
  ['eq', '0', '99999999999999999999999', true, 'takes what is out of 64 bits for 0'],
  ['eq', '0', '9223372036854775808', true, 'takes the first number out of 64 bits for 0'],
  ['eq', 'abc', '0', true, 'reads a text argument as 0'],
  ['ge', '5', '5', true, 'includes equality'],
  ['ge', 'x', '1', true, 'reads a text argument as 0'],
  ['ge', '-5', '-6', false, 'reads a minus sign'],
  ['gt', '5', '10abc', true, 'compares numbers, not text'],
  ['gt', '5', '99999999999999999999999', true, 'clamps what is out of 64 bits'],
  ['gt', '9223372036854775806', '99999999999999999999999', true, 'clamps to the greatest'],
  ['lt', '0', '3000000000', false, 'does not wrap around at 32 bits'],
  ['lt', '-9223372036854775807', '-99999999999999999999999', true, 'clamps to the least'],
  ['le', '5', '5', true, 'includes equality'],
  ['pm', 'foo bar', 'xBARx', true, 'finds phrases in any case'],
  ['pm', 'foo bar', 'baz', false, 'needs a whole phrase'],
  ['pm', 'foo', '', false, 'does not match an empty value'],
  ['pm', '|41 42|', 'AB', true, 'reads hexadecimal with blanks'],
  ['pm', 'x|41|y', 'xay', true, 'reads hexadecimal inside a phrase, in any case'],
  ['pm', 'a|20|b', 'a b', true, 'can spell a blank'],
  ['pm', '|4z|', '|4z|', true, 'takes bad hexadecimal literally'],
  ['pm', '|41', '|41', true, 'takes unclosed hexadecimal literally'],
  ['pm', 'a||b', 'a||b', true, 'takes empty hexadecimal literally'],
  ['pm', 'foo  bar', 'zzz', false, 'makes no phrase of two blanks'],
  ['pm', 'a\\:b', 'a:b', true, 'reads an escaped colon'],
  ['pm', 'a\\b', 'a\\b', true, 'takes other escapes literally'],
  ['pm', 'a\\\\b', 'a\\b', true, 'reads an escaped backslash'],
  ['pm', 'foo\tbar', 'bar', true, 'splits at tabs'],
  ['pm', 'a;b', 'a;b', true, 'needs no escape for a semicolon'],
  ['pm', 'a"b', 'a"b', true, 'takes a quote literally'],
  ['pm', 'etc/apache2 apache/conf', 'etc/apache/conf', true, 'finds a phrase inside a failed one'],
  ['validateByteRange', '32-126', 'abc', false, 'does not match bytes inside'],
  ['validateByteRange', '32-126', 'a\x01', true, 'matches bytes outside'],
  ['validateByteRange', '32-126', '', false, 'does not match an empty value'],
  ['validateByteRange', '97, 98', 'abc', true, 'takes single numbers, blanks do not count'],
  ['validateByteRange', '1-255', 'a\0', true, 'finds a NUL'],
  ['validateByteRange', '1-255', '\xff', false, 'reaches up to 255'],
  ['validateByteRange', '10,13,32-126,128-255', '\x7f', true, 'sees gaps between ranges'],
  ['validateByteRange', '', 'a', true, 'allows no byte without an argument'],
  ['validateUrlEncoding', '', 'a%20b', false, 'accepts an escape'],
  ['validateUrlEncoding', '', 'a%zzb', true, 'finds a broken escape'],
  ['validateUrlEncoding', '', 'a%', true, 'finds a lone % at the end'],
  ['validateUrlEncoding', '', 'a%4', true, 'finds a short escape at the end'],
  ['validateUrlEncoding', '', 'a%41', false, 'accepts an escape at the end'],
  ['validateUrlEncoding', '', '%u0041', true, 'knows no wide escapes'],
  ['validateUtf8Encoding', '', '\xc3\xa9', false, 'accepts two bytes'],
  ['validateUtf8Encoding', '', '\xe9a', true, 'finds Latin-1'],
  ['validateUtf8Encoding', '', 'a\xc3', true, 'finds a cut sequence'],
  ['validateUtf8Encoding', '', '\xed\xa0\x80', true, 'finds a surrogate'],
  ['validateUtf8Encoding', '', '\xf0\x9f\x98\x80', false, 'accepts four bytes'],
  ['validateUtf8Encoding', '', '\xf4\x90\x80\x80', true, 'finds what is above U+10FFFF'],
  ['validateUtf8Encoding', '', '\xe0\x80\xaf', true, 'finds an overlong form'],
  ['validateUtf8Encoding', '', '\xef\xbb\xbfa', false, 'accepts a byte order mark'],
  ['ipMatch', '192.0.2.1', '192.0.2.1', true, 'matches an address'],
  ['ipMatch', '192.0.2.0/24', '192.0.3.1', false, 'keeps to the prefix'],
  ['ipMatch', '10.0.0.0/8, 192.0.2.1', '192.0.2.1', true, 'takes a list with blanks'],
  ['ipMatch', '2001:DB8::1', '2001:db8:0::1', true, 'compares addresses, not text'],
  ['ipMatch', '192.0.2.0/24', '::ffff:192.0.2.1', false, 'compares by family'],
  ['ipMatch', '192.0.2.0/24', 'abc', false, 'does not match what is no address'],
  ['ipMatch', '192.0.2.0/24', '', false, 'does not match an empty value'],
  ['ipMatch', '192.0.2.1', '192.0.2.1:80', false, 'does not match an address with a port'],
  ['ipMatch', '0.0.0.0/0', '8.8.8.8', true, 'takes a prefix of length 0'],
  ['ipMatch', '192.0.2.77/24', '192.0.2.1', true, 'ignores bits behind the prefix'],
  ['ipMatch', '192.0.2.1', ' 192.0.2.1', false, 'does not trim the value'],
  ['detectSQLi', '', 'hello world', false, 'lets text pass'],
  ['detectSQLi', '', '', false, 'lets an empty value pass'],
  ['detectSQLi', '', "1' or '1'='1", true, 'finds SQL'],
  ['detectXSS', '', '', false, 'lets an empty value pass'],
  ['detectXSS', '', '<script>alert(1)</script>', true, 'finds a script'],
  ['verifyCC', '\\d{13,16}', '4111111111111111', true, 'finds a card number'],
  ['verifyCC', '\\d{13,16}', '4111111111111112', true, 'finds a shorter window that passes'],
  ['verifyCC', '^\\d{16}$', '4111111111111112', false, 'checks the sum'],
  ['verifyCC', '[\\d-]+', '4111-1111-1111-1111', true, 'ignores what is no digit'],
  ['verifyCC', '\\d*', '', false, 'finds nothing in an empty value'],
  ['verifyCC', 'x', 'x', false, 'needs digits'],
  ['verifyCPF', '\\d{11}', '01081751460', true, 'finds a taxpayer number'],
  ['verifyCPF', '\\d{11}', '01081751461', false, 'checks both digits'],
  ['verifyCPF', '\\d{11}', '11111111111', false, 'refuses a repeated digit'],
  ['verifyCPF', '\\d{11}', '01234567890', false, 'refuses the trivial sequence'],
  ['verifySSN', '\\d{9}', '078051120', true, 'finds a social security number'],
  ['verifySSN', '\\d{9}', '000051120', false, 'refuses area 0'],
  ['verifySSN', '\\d{9}', '666051120', false, 'refuses area 666'],
  ['verifySSN', '\\d{9}', '740051120', false, 'refuses areas from 740'],
  ['verifySSN', '\\d{9}', '078001120', false, 'refuses group 0'],
  ['verifySSN', '\\d{9}', '078050000', false, 'refuses serial 0'],
  ['verifySSN', '\\d{9}', '123456789', false, 'refuses a sequence'],
  ['verifySSN', '\\d{9}', '333333333', false, 'refuses a repeated digit'],
  ['verifySVNR', '\\d{10}', '1237010180', true, 'finds a social insurance number'],
  ['verifySVNR', '\\d{10}', '1238010180', false, 'checks the fourth digit'],
  ['verifySVNR', '\\d{10}', '0000000000', false, 'refuses a repeated digit'],
  ['unconditionalMatch', '', 'a', true, 'matches'],
  ['noMatch', '', 'a', false, 'does not match'],
];

describe('operators', () => {
  for (const [name, argument, value, matches, fact] of ROWS) {
    it(`@${name} ${fact}: ${JSON.stringify(argument)} on ${JSON.stringify(value)}`, () => {
      const { matched, detail } = run(name, argument, value);
      expect(matched).toBe(matches);
      expect(detail !== '').toBe(matches);
    });
  }

  it('have unique names', () => {
    const names = OPERATORS.flatMap((one) => [one.name, ...(one.aliases ?? [])]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });
});

/** Operator, argument, code of the refusal. */
const REFUSALS: readonly (readonly [name: string, argument: string, code: string])[] = [
  ['rx', '(a', 'invalid-regex'],
  ['verifyCC', '(a', 'invalid-regex'],
  ['pm', ' ', 'bad-operator-argument'],
  ['ipMatch', 'notanip', 'bad-ip-prefix'],
  ['ipMatch', '10.0/16', 'bad-ip-prefix'],
  ['ipMatch', '10.0.0.0/33', 'bad-ip-prefix'],
  ['ipMatch', ',', 'bad-operator-argument'],
  ['validateByteRange', '126-32', 'bad-byte-range'],
  ['validateByteRange', '0-300', 'bad-byte-range'],
  ['validateByteRange', 'abc', 'bad-byte-range'],
  ['validateByteRange', '1-', 'bad-byte-range'],
  ['pmFromFile', 'none.data', 'missing-data-file'],
  ['ipMatchFromFile', 'none.data', 'missing-data-file'],
];

describe('operators at load', () => {
  for (const [name, argument, code] of REFUSALS) {
    it(`refuse @${name} ${argument} with ${code}`, () => {
      expect(refusal(name, argument)).toBe(code);
    });
  }

  it('tell which need an argument', () => {
    const needing = OPERATORS.filter((one) => one.argument === 'required').map((one) => one.name);
    expect(needing).toContain('strmatch');
    expect(needing).toContain('pm');
    expect(needing).not.toContain('streq');
    expect(needing).not.toContain('validateByteRange');
  });
});
