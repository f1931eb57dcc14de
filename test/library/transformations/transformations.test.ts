import { describe, expect, it } from 'vitest';
import {
  TRANSFORMATIONS,
  UNRELEASED_TRANSFORMATIONS,
} from '../../../src/library/transformations/index.ts';
import type { TransformationEnvironment } from '../../../src/model/transformation.ts';

const SUPERSET: TransformationEnvironment = { unicodeMap: undefined, htmlEntities: 'superset' };
const STRICT: TransformationEnvironment = { unicodeMap: undefined, htmlEntities: 'modsecurity2' };

function transform(name: string, value: string, environment = SUPERSET): string {
  const all = [...TRANSFORMATIONS, ...UNRELEASED_TRANSFORMATIONS];
  const found = all.find((one) => one.name === name || one.aliases?.includes(name));
  if (found === undefined) throw new Error(`no transformation ${name}`);
  return found.apply(value, environment);
}

type Row = readonly [name: string, input: string, output: string, fact: string];

const ROWS: readonly Row[] = [
  ['lowercase', 'ABCxyz[@`{', 'abcxyz[@`{', 'folds ASCII letters only'],
  ['lowercase', '\xc4\xd6A\xff', '\xc4\xd6a\xff', 'keeps bytes from 0x80 up'],
  ['uppercase', 'aB\xe4c', 'AB\xe4C', 'keeps bytes from 0x80 up'],
  ['length', '\xff\xfe\xfd', '3', 'counts bytes'],
  ['md5', 'abc', '\x90\x01P\x98<\xd2O\xb0\xd6\x96?}(\xe1\x7fr', 'gives raw bytes'],
  ['hexEncode', '\x00\xffA', '00ff41', 'writes two lower-case digits per byte'],
  ['hexDecode', '41424', 'AB', 'drops an odd last digit'],
  ['hexDecode', '4A4b', 'JK', 'reads both cases'],
  ['hexDecode', '0z', '#', 'takes what is no digit for one'],
  ['sqlHexDecode', '0x', '0x', 'keeps a prefix without digits'],
  ['sqlHexDecode', '0X4142', 'AB', 'reads both cases of the prefix'],
  ['sqlHexDecode', 'a0x41b', 'aAb', 'decodes inside other text'],
  ['sqlHexDecode', '0x414', 'A4', 'leaves an odd last digit'],
  ['sqlHexDecode', '00x41 0x0x42', '0A 0xB', 'finds the prefix behind what looks like one'],
  ['base64Decode', 'dGVzdA', 'test', 'needs no padding'],
  ['base64Decode', 'dGVz!dA==', 'tes', 'stops at a foreign byte'],
  ['base64Decode', '-_-_', '', 'takes the URL-safe digits for foreign'],
  ['base64Decode', 'dGVzdA==xyz', 'test', 'ignores what follows the padding'],
  ['base64Decode', 'd', '', 'gives nothing for a single digit'],
  ['base64Decode', 'dGV', 'te', 'gives two bytes for three digits'],
  ['base64Decode', 'dG=VzdA==', 't', 'stops at early padding'],
  ['base64Decode', 'dGVz\0dA==', 'tes', 'stops at a NUL'],
  ['base64Decode', 'dGVz\r\ndA==', 'test', 'skips line ends'],
  ['base64DecodeExt', 'd.G.V.z dA==', 'test', 'skips dots and blanks'],
  ['base64DecodeExt', 'dGVz!dA==', 'test', 'skips any foreign byte'],
  ['base64DecodeExt', 'PHNj_cmlw-dD4=', '<script>', 'skips the URL-safe digits'],
  ['base64DecodeExt', 'd', '', 'gives nothing for a single digit'],
  ['base64DecodeExt', 'dGVzd=A', '', 'gives nothing behind a lone = in second place'],
  ['base64DecodeExt', 'dGVzdA', 'test', 'needs no padding'],
  ['base64Encode', '\xff\0\xfe', '/wD+', 'encodes any bytes'],
  ['base64Encode', 'test', 'dGVzdA==', 'pads'],
  ['urlDecode', 'a+b%20c', 'a b c', 'decodes + and %20'],
  ['urlDecode', '%zz%4', '%zz%4', 'keeps broken escapes'],
  ['urlDecode', '%u0041', '%u0041', 'keeps wide escapes'],
  ['urlDecodeUni', '%u0041%U0041', 'AA', 'decodes wide escapes in both cases'],
  ['urlDecodeUni', '%uff1c%uFF1E', '<>', 'turns full-width forms to ASCII'],
  ['urlDecodeUni', '%u004', '%u004', 'keeps a short wide escape'],
  ['urlDecodeUni', '%uzzzz', '%uzzzz', 'keeps a broken wide escape'],
  ['urlDecodeUni', '%u00%41', '%u00A', 'reads on behind a broken wide escape'],
  ['urlDecodeUni', '%u1f600', '`0', 'reads four digits'],
  ['urlDecodeUni', '%u043d%u4e2d', '=-', 'takes the low byte of other code points'],
  ['htmlEntityDecode', '&lt;&gt;&amp;&quot;&nbsp;', '<>&"\xa0', 'knows five names'],
  ['htmlEntityDecode', '&ltx&gt', '&ltx>', 'needs the whole run of letters to be a name'],
  ['htmlEntityDecode', '&ltfoo;', '&ltfoo;', 'keeps names that only begin like a known one'],
  ['htmlEntityDecode', '&LT;&Quot;', '<"', 'reads the five names in any case'],
  ['htmlEntityDecode', '&#x41;&#X42;&#00065;', 'ABA', 'reads numbers with any zeros'],
  ['htmlEntityDecode', '&#;&#x;&;&', '&#;&#x;&;&', 'keeps references without content'],
  ['htmlEntityDecode', '&#233;', '\xe9', 'writes numbers up to FF as one byte'],
  ['htmlEntityDecode', 'javascript&colon;x&Tab;&NewLine;', 'javascript:x\t\n', 'knows HTML5 names'],
  ['htmlEntityDecode', '&colon&COLON;', '&colon&COLON;', 'wants HTML5 names exact'],
  ['htmlEntityDecode', '&#1085;&#8364;', '\xd0\xbd\xe2\x82\xac', 'writes larger numbers as UTF-8'],
  [
    'htmlEntityDecode',
    '&#xd800;&#x110000;',
    '\xef\xbf\xbd\xef\xbf\xbd',
    'replaces what is no character',
  ],
  ['jsDecode', '\\u0041\\x41\\x4', 'AAx4', 'decodes \\u and \\x'],
  ['jsDecode', '\\uff1c', '<', 'turns full-width forms to ASCII'],
  ['jsDecode', '\\X41', 'X41', 'does not know a capital \\X'],
  ['jsDecode', '\\101\\60\\7', 'A0\x07', 'decodes octal digits'],
  ['jsDecode', '\\400\\377', ' 0\xff', 'takes three octal digits up to 377 only'],
  ['jsDecode', '\\a\\b\\f\\n\\r\\t\\v', '\x07\x08\x0c\x0a\x0d\x09\x0b', 'decodes control escapes'],
  ['jsDecode', '\\u004', 'u004', 'drops the backslash of a short escape'],
  ['jsDecode', '\\0', '\0', 'decodes NUL'],
  ['jsDecode', 'a\\', 'a\\', 'keeps a backslash at the end'],
  ['cssDecode', '\\41  b', 'A b', 'takes one blank along'],
  ['cssDecode', '\\z\\ff1c', 'z<', 'drops other backslashes, knows full-width forms'],
  ['cssDecode', 'ja\\vascript\\9', 'javascript\t', 'reads a single digit'],
  ['cssDecode', '\\00ff1c\\1ff1c', '<\x1c', 'wants U+00FFxx for full-width forms'],
  ['cssDecode', 'a\\\nb\\', 'ab', 'drops continued lines and a last backslash'],
  ['escapeSeqDecode', '\\a\\b\\n\\x41\\X41\\101', '\x07\x08\x0aAAA', 'decodes C escapes'],
  ['escapeSeqDecode', '\\8\\xag\\z\\x4', '8xagzx4', 'drops backslashes of unknown escapes'],
  ['escapeSeqDecode', '\\666', '\xb6', 'keeps the low byte of octal digits'],
  ['cmdLine', '  a  \t b /c ( d', ' a b/c( d', 'closes up to / and ('],
  ['cmdLine', 'a\0B', 'a\0b', 'goes on behind a NUL'],
  ['cmdLine', '"c"^u\'r\\l,;http', 'curl http', 'drops quotes, joins separators'],
  ['cmdLine', ' "/x', '/x', 'sees the blank before / across a dropped quote'],
  ['compressWhitespace', 'a\0 b\x85c', 'a\0 b\x85c', 'leaves single blanks, NUL and 85'],
  ['compressWhitespace', 'a \xa0\t b\n', 'a b ', 'counts A0 as white space'],
  ['removeWhitespace', ' a \t\n\v\f\r b ', 'ab', 'deletes all six'],
  ['removeWhitespace', 'a\xc2\xa0b\xc2c\xa0', 'ab\xc2c', 'deletes C2 only with its A0'],
  ['removeNulls', '\0a\0b\0', 'ab', 'deletes NUL'],
  ['replaceNulls', '\0a\0', ' a ', 'turns NUL into blanks'],
  ['trim', ' \t\r\n\v\fa b \n', 'a b', 'trims both ends'],
  ['trim', '\0 a \0', '\0 a \0', 'keeps NUL'],
  ['trim', ' \n ', '', 'leaves nothing of blanks alone'],
  ['trimLeft', ' \ta ', 'a ', 'trims the beginning'],
  ['trimRight', ' \ta ', ' \ta', 'trims the end'],
  ['removeComments', 'a/*x*/b<!--x-->c', 'abc', 'deletes C and HTML comments'],
  ['removeComments', 'a--b', 'a', 'cuts at --'],
  ['removeComments', 'a#b', 'a', 'cuts at #'],
  ['removeComments', 'a/*x/*y*/z*/b', 'az*/b', 'does not nest'],
  ['removeComments', 'a/*x-->b', 'ab', 'lets either closer end a comment'],
  ['removeComments', 'a/*x*//*y*/b', 'a/*y*/b', 'copies the byte behind a closer blindly'],
  ['removeComments', 'a*/b', 'a*/b', 'keeps a lone closer'],
  ['replaceComments', 'a/*x*/b/*!50000select*/', 'a b ', 'puts one blank per comment'],
  ['replaceComments', 'a*/b', 'a*/b', 'keeps a lone closer'],
  ['replaceComments', 'a/*/b', 'a ', 'needs its own star for the closer'],
  ['removeCommentsChar', 'a---b', 'a-b', 'deletes -- once'],
  ['removeCommentsChar', 'a/*!b*/', 'a!b', 'keeps the text of the comment'],
  ['normalizePath', '//a///b', '/a/b', 'collapses slashes'],
  ['normalizePath', '/../../a', '/a', 'stops at the root'],
  ['normalizePath', '../a', '../a', 'keeps .. in a relative path'],
  ['normalizePath', 'a/../..//b', '../b', 'keeps .. when nothing is left'],
  ['normalizePath', 'a/../b/../c', 'c', 'resolves behind an emptied beginning'],
  ['normalizePath', '/a/b/', '/a/b/', 'keeps a trailing slash'],
  ['normalizePath', '/a/.', '/a', 'adds no trailing slash'],
  ['normalizePath', '/a/b/..', '/a', 'resolves .. at the end'],
  ['normalizePath', 'a/..', '', 'may leave nothing'],
  ['normalizePath', '/..', '/', 'leaves the root'],
  ['normalizePath', '/a/.../b', '/a/b', 'swallows a segment of three dots'],
  ['normalizePath', 'ab../c', 'c', 'swallows a name that ends in two dots'],
  ['normalizePath', 'a../c', 'a../c', 'keeps one of a single byte at the beginning'],
  ['normalizePath', '../ab..', '../ab..', 'keeps one where .. would stay'],
  ['normalizePath', 'a/../ab..', 'ab..', 'keeps one behind an emptied beginning'],
  ['normalizePath', '../a/../..', '../..', 'never takes .. along'],
  ['normalizePath', '/a..', '/', 'swallows one below the root'],
  ['normalizePath', '/a/\0/../b', '/a/b', 'takes NUL for a name'],
  ['normalizePath', '\\a\\..\\b', '\\a\\..\\b', 'leaves backslashes'],
  ['normalisePath', '/./a', '/a', 'answers to its old spelling'],
  ['normalizePathWin', '/a\\..//b', '/b', 'mixes both separators'],
  ['normalizePathWin', '\\a.\\b. \\c', '/a./b. /c', 'keeps dots and blanks at the end of names'],
  [
    'normalizePathWin',
    '..\\\\\\etc\\\\\\issue',
    '../etc/issue',
    'converts every backslash of a run',
  ],
  ['normalisePathWin', 'a\\b', 'a/b', 'answers to its old spelling'],
  ['utf8toUnicode', '\xf0\x9f\x98\x80', '%u1f600', 'writes five digits when needed'],
  ['utf8toUnicode', '\xed\xa0\x80', '%ud800\xed', 'adds the lead byte of a surrogate'],
  ['utf8toUnicode', 'a\xe2\x82', 'a\x82', 'drops a lead byte that is cut off'],
  ['utf8toUnicode', 'a\0b\0', 'ab', 'drops NUL'],
  [
    'utf8toUnicode',
    'a\xc0/b\xc3\xa9c\x80d\xf5e\xf8f\xc0\xafg\xed\xa0\x80h\xf0\x9f\x98\x80i\xc3',
    'a/b%u00e9c\x80d\xf5e\xf8f%u002f\xc0g%ud800\xedh%u1f600i',
    'treats each kind of ill-formed byte as ModSecurity does',
  ],
  ['parityOdd7bit', 'abc\x80', 'ab\xe3\0', 'counts bit 7 as it came'],
  ['parityEven7bit', 'ac\x80', '\xe1c\x80', 'sets bit 7 of odd bytes'],
  ['parityZero7bit', '\xe1c', 'ac', 'clears bit 7'],
  ['phpArgsNames', 'a.b c[d', 'a_b_c_d', 'turns an unclosed bracket into _'],
  ['phpArgsNames', ' a[b][c', 'a[b]', 'cuts behind the last closed bracket'],
  ['phpArgsNames', '[a]', '', 'finds no name before a bracket'],
];

describe('transformations', () => {
  for (const [name, input, output, fact] of ROWS) {
    it(`${name} ${fact}: ${JSON.stringify(input)}`, () => {
      expect(transform(name, input)).toBe(output);
    });
  }

  it('has unique names', () => {
    const names = TRANSFORMATIONS.flatMap((one) => [one.name, ...(one.aliases ?? [])]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('does not offer phpArgsNames to rules, as no released engine knows it', () => {
    expect(TRANSFORMATIONS.some((one) => one.name === 'phpArgsNames')).toBe(false);
  });
});

describe('t:htmlEntityDecode as ModSecurity v2', () => {
  it('knows five names only', () => {
    expect(transform('htmlEntityDecode', '&apos;&colon;&Tab;&lt;', STRICT)).toBe(
      '&apos;&colon;&Tab;<',
    );
  });

  it('cuts numbers to their low byte', () => {
    expect(transform('htmlEntityDecode', '&#321;&#8364;&#x0000141;', STRICT)).toBe('A\xacA');
  });

  it('reads numbers beyond 64 bits as FF', () => {
    expect(transform('htmlEntityDecode', '&#99999999999999999999;', STRICT)).toBe('\xff');
  });
});

describe('t:urlDecodeUni with a Unicode map', () => {
  const unicodeMap = new Int32Array(65536).fill(-1);
  unicodeMap[0x100] = 0x41;
  unicodeMap[0x2039] = 0x3c;

  it('takes mapped code points from the map and others by their low byte', () => {
    const environment = { ...SUPERSET, unicodeMap };
    expect(transform('urlDecodeUni', '%u0100%u2039%u0041%uff1c', environment)).toBe('A<A<');
  });
});
