// For each transformation: what it makes of a value.

/** `output` differs from `input`, byte for byte. */
export interface TransformationRow {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly fact: string;
}

const row = (name: string, input: string, output: string, fact: string): TransformationRow => ({ name, input, output, fact });

export const TRANSFORMATION_ROWS: readonly TransformationRow[] = [
  row('lowercase', 'aBC\xc4[', 'abc\xc4[', 'folds ASCII letters and keeps high bytes'),
  row('uppercase', 'aBc\xe4{', 'ABC\xe4{', 'raises ASCII letters and keeps high bytes'),
  row('length', '\xff\xfe\xfd', '3', 'gives the number of bytes'),
  row('md5', 'abc', '\x90\x01P\x98<\xd2O\xb0\xd6\x96?}(\xe1\x7fr', 'gives sixteen raw bytes'),
  row('sha1', 'abc', '\xa9\x99>6G\x06\x81j\xba>%qxP\xc2l\x9c\xd0\xd8\x9d', 'gives twenty raw bytes'),
  row('hexEncode', '\x00\xffA', '00ff41', 'writes two lower-case digits per byte'),
  row('hexDecode', '4A4b5', 'JK', 'reads pairs of digits and drops an odd one'),
  row('sqlHexDecode', 'a 0x414243', 'a ABC', 'reads the hexadecimal literals of SQL'),
  row('base64Encode', '\xff\0\xfe', '/wD+', 'writes padded Base64'),
  row('base64Decode', 'dGVz!dA==', 'tes', 'reads Base64 up to the first foreign byte'),
  row('base64DecodeExt', 'P.HNj cmlwdD4=', '<script>', 'reads Base64 through foreign bytes'),
  row('urlEncode', 'a b/*', 'a+b%2f*', 'writes + for blanks and %xx in lower case'),
  row('urlDecode', 'a+b%41%zz', 'a bA%zz', 'reads + and %XX and keeps what is neither'),
  row('urlDecodeUni', '%u0041%uff1c+%42', 'A< B', 'reads %uXXXX too, full-width forms included'),
  row('htmlEntityDecode', '&lt;&#65;&#x42;&amp;', '<AB&', 'reads named, decimal and hexadecimal entities'),
  row('jsDecode', '\\u0041\\x42\\103\\n\\/', 'ABC\n/', 'reads the escapes of JavaScript'),
  row('cssDecode', '\\41 b\\c', 'Ab\x0c', 'reads hexadecimal escapes and eats the blank behind'),
  row('escapeSeqDecode', '\\x41\\102\\t\\?\\q', 'AB\t?q', 'reads the escapes of ANSI C'),
  row('cmdLine', 'C^M"D", /C', 'cmd/c', 'strips what a command line ignores'),
  row('compressWhitespace', 'a \t\n\xa0b', 'a b', 'makes one blank of each run'),
  row('removeWhitespace', ' a\t\xa0b\n', 'ab', 'leaves no white space'),
  row('trim', ' \ta b\n', 'a b', 'strips both ends'),
  row('trimLeft', ' \ta \n', 'a \n', 'strips the left end'),
  row('trimRight', ' a \n', ' a', 'strips the right end'),
  row('removeNulls', 'a\0b\0', 'ab', 'leaves no NUL'),
  row('replaceNulls', 'a\0b\0', 'a b ', 'makes blanks of NULs'),
  row('removeComments', 'a/*x*/b<!--y-->c--d', 'abc', 'leaves out comments of C, HTML and SQL'),
  row('replaceComments', 'a/*x*/b/*y', 'a b ', 'makes one blank of each comment'),
  row('removeCommentsChar', 'a/*b*/c<!--d-->e--f#g', 'abcdefg', 'leaves out the marks and keeps what is between'),
  row('normalizePath', '/a//./b/../c', '/a/c', 'resolves . and .. and doubled slashes'),
  row('normalisePath', '../a/../b/', '../b/', 'is the other spelling of normalizePath'),
  row('normalizePathWin', '\\a\\.\\b\\..\\c', '/a/c', 'takes backslashes for slashes'),
  row('normalisePathWin', 'a\\..\\b', 'b', 'is the other spelling of normalizePathWin'),
  row('utf8toUnicode', 'a\xc3\xa9\xe2\x82\xac', 'a%u00e9%u20ac', 'writes multi-byte sequences as %uXXXX'),
  row('parityEven7bit', 'ac', '\xe1c', 'makes the number of bits even'),
  row('parityOdd7bit', 'ac', 'a\xe3', 'makes the number of bits odd'),
  row('parityZero7bit', '\xe1c', 'ac', 'clears the highest bit'),
];

/** In the newest sources of ModSecurity; no released engine loads a rule that names one. */
export const UNKNOWN_TRANSFORMATIONS: readonly string[] = ['phpArgsNames'];
