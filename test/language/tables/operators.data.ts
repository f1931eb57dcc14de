// For each operator: a value that it matches and one that it does not.

import type { ExchangeRecord } from '../../../src/model/exchange.ts';
import { GEO_FILE } from '../geo-file.ts';
import { xml } from '../requests.ts';

export interface OperatorRow {
  readonly name: string;
  readonly argument: string;
  /** ARGS:v, or a whole request. Undefined: it matches nothing, and is reported. */
  readonly match: string | Partial<ExchangeRecord> | undefined;
  readonly other: string | Partial<ExchangeRecord>;
  readonly fact: string;
  /** Default: ARGS:v. */
  readonly target?: string;
  /** Stand before the rule. */
  readonly before?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** With `capture`, in TX:0. */
  readonly captured?: string;
  readonly needsBuild?: boolean;
  /** With which it is reported that it matches nothing; default: `no-effect`. */
  readonly code?: string;
}

type Rest = Omit<OperatorRow, 'name' | 'argument' | 'match' | 'other' | 'fact'>;

const row = (name: string, argument: string, match: OperatorRow['match'], other: OperatorRow['other'], fact: string, rest: Rest = {}): OperatorRow => ({ name, argument, match, other, fact, ...rest });

const WORDS = { files: { 'words.data': '# list\nevil\ntwo words\n' }, captured: 'two words' };
const NETS = { files: { 'nets.data': '# ours\n10.0.0.0/8\n2001:db8::/32\n' } };
const PARSE_XML = 'SecAction "id:9,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"\n';
const XML = { target: 'XML', before: PARSE_XML, needsBuild: true };
const LUA = { files: { 'check.lua': 'function main(value) if value == "bad" then return "seen" end end' }, needsBuild: true };
const XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:integer"/></xs:schema>';
const HASHES = { files: { 'hashes.data': '3:AXGBicFlIHBGcL6wCrFQEv:AXGH6xLsr2C,"known"\n' } };

export const OPERATOR_ROWS: readonly OperatorRow[] = [
  row('rx', '^a+(b.)$', 'aab1', 'aab1\n', 'searches a pattern', { captured: 'aab1' }),
  row('rxGlobal', 'a(\\d)', 'a1a2', 'b1', 'searches a pattern again and again', { captured: 'a1' }),
  row('pm', 'evil |42 43|', 'xBCx', 'B C', 'finds phrases in any case', { captured: 'BC' }),
  row('pmFromFile', 'words.data', 'xx TWO words', 'list', 'finds the phrases of a file', WORDS),
  row('pmf', 'words.data', 'two words', 'two', 'is the short name of pmFromFile', WORDS),
  row('pmFromDataset', 'words', 'some EVIL', 'good', 'finds the phrases of a dataset', { before: 'SecDataset words `\nevil\n`\n', captured: 'evil' }),
  row('within', 'GET POST', 'POST', 'PUT', 'finds the value in the argument'),
  row('contains', 'b', 'abc', 'ABC', 'finds the argument in the value'),
  row('containsWord', 'abc', 'x-abc', 'x_abc', 'finds the argument as a word'),
  row('strmatch', 'b', 'abc', 'ABC', 'finds the argument in the value'),
  row('beginsWith', 'ab', 'abc', 'xab', 'finds the argument at the beginning'),
  row('endsWith', 'bc', 'abc', 'bcx', 'finds the argument at the end'),
  row('streq', 'abc', 'abc', 'ABC', 'compares bytes'),
  row('eq', '5', '5x', '6', 'compares numbers and ignores what follows them'),
  row('ge', '5', '5', '4', 'is true of equal and greater numbers'),
  row('gt', '5', '10', '5', 'is true of greater numbers'),
  row('le', '5', '5', '6', 'is true of equal and smaller numbers'),
  row('lt', '10', '9', '10', 'is true of smaller numbers'),
  row('ipMatch', '192.0.2.0/24,2001:db8::1', '192.0.2.7', '192.0.3.7', 'finds an address in networks'),
  row('ipMatchFromFile', 'nets.data', '2001:db8::7', '11.0.0.1', 'finds an address in the networks of a file', NETS),
  row('ipMatchF', 'nets.data', '10.1.2.3', '2001:db9::7', 'is the short name of ipMatchFromFile', NETS),
  row('ipMatchFromDataset', 'nets', '10.1.2.3', '11.0.0.1', 'finds an address in the networks of a dataset', { before: 'SecDataset nets `\n10.0.0.0/8\n`\n' }),
  row('fuzzyHash', 'hashes.data 20', 'Also called fuzzy hashes, Ctph can match inputs that have homologies.', 'Also something else entirely, of the same length as the other', 'finds what is like a known text', HASHES),
  row('geoLookup', '', '10.0.0.1', '192.0.2.1', 'knows the addresses of the database', { before: 'SecGeoLookupDb geo.mmdb\n', files: { 'geo.mmdb': GEO_FILE } }),
  row('restpath', '/users/{id}/orders', '/v2/users/7/orders', '/users/7/8/orders', 'finds a path with named segments'),
  row('detectSQLi', '', "1' or '1'='1", "it's fine", 'finds SQL', { captured: 's&sos' }),
  row('detectXSS', '', '<script>', 'a < b', 'finds scripts', { captured: '<script>' }),
  row('validateByteRange', '32-126', 'a\n', 'abc', 'finds a byte out of range'),
  row('validateUrlEncoding', '', 'a%zz', 'a%20', 'finds a broken escape'),
  row('validateUtf8Encoding', '', 'a\xc0\xaf', '\xc3\xa9', 'finds an overlong form'),
  row('validateDTD', 'a.dtd', xml('<a/>'), xml('<a><b/></a>'), 'finds a document that breaks the DTD', { ...XML, files: { 'a.dtd': '<!ELEMENT a (b)><!ELEMENT b EMPTY>' } }),
  row('validateSchema', 'a.xsd', xml('<a>x</a>'), xml('<a>7</a>'), 'finds a document that breaks the schema', { ...XML, files: { 'a.xsd': XSD } }),
  row('verifyCC', '\\d{16}', 'x4111111111111111', '4111111111111112', 'finds a card number', { captured: '4111111111111111' }),
  row('verifyCPF', '\\d{11}', '01081751460', '01081751461', 'finds a Brazilian tax number', { captured: '01081751460' }),
  row('verifySSN', '\\d{9}', '078051120', '666051120', 'finds a US social security number', { captured: '078051120' }),
  row('verifySVNR', '\\d{10}', '1237010180', '1238010180', 'finds an Austrian insurance number', { captured: '1237010180' }),
  row('validateNid', 'cl \\S+', '12345678-5', '12345678-4', 'finds a national identity number', { captured: '12345678-5' }),
  row('unconditionalMatch', '', 'anything', {}, 'matches each target, and nothing where there is none'),
  row('noMatch', '', undefined, 'anything', 'matches nothing'),
  row('rbl', 'sbl.example.org', undefined, '192.0.2.1', 'matches nothing where nobody asks name servers', { code: 'asks-name-servers' }),
  row('gsbLookup', '', undefined, 'http://a.test/', 'asks nobody and matches nothing'),
  row('validateHash', 'x', undefined, 'anything', 'matches nothing: links are not signed'),
  row('inspectFile', 'check.lua', 'bad', 'good', 'matches when a script returns a text', LUA),
  row('inspectFile', '/bin/true', undefined, 'anything', 'matches nothing where its program is not allowed', { code: 'program-not-allowed' }),
  row('rsub', 's/a/b/', undefined, 'a', 'replaces nothing and matches nothing'),
];

/** Operators that do what they say without a warning although they match nothing. */
export const SILENT_OPERATORS: readonly string[] = ['noMatch'];
