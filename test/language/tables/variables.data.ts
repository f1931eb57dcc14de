// For each variable: the value that a rule finds in it.

import type { ExchangeRecord } from '../../../src/model/exchange.ts';
import { answered, form, json, post, xml } from '../requests.ts';

type Exchange = Partial<ExchangeRecord>;

export interface VariableRow {
  readonly name: string;
  readonly exchange: Exchange;
  /** What the last element of the target holds; null: there is no target. */
  readonly value: string | null;
  readonly fact: string;
  /** Default: the name. */
  readonly target?: string;
  /** Default: 2. */
  readonly phase?: 1 | 2 | 3 | 4 | 5;
  /** Stand before the rule. */
  readonly before?: string;
  /** In place of a rule that puts the target into tx.seen. */
  readonly rule?: string;
  /** In place of comparing with `value`. */
  readonly operator?: string;
  /** The same of a bare `GET /`. */
  readonly plain?: string | null;
}

type Rest = Omit<VariableRow, 'name' | 'exchange' | 'value' | 'fact'>;

const row = (name: string, exchange: Exchange, value: string | null, fact: string, rest: Rest = {}): VariableRow => ({ name, exchange, value, fact, ...rest });

const BARE: Exchange = {};
const LIMIT = 'SecAction "id:9,phase:1,pass,nolog,setvar:tx.MSC_PCRE_LIMITS_EXCEEDED=1"';
const CLIENT: Exchange = { client: { address: '10.0.0.7', port: 4711 } };
const SERVER: Exchange = { server: { address: '10.0.0.1', port: 8443 } };
const BASIC: Exchange = { headers: [['Host', '[::1]:80'], ['Authorization', 'Basic am9lOng=']] };
const URI: Exchange = { uri: 'http://shop.test/a/b%20c.txt?x=%31#top' };
const COOKIES: Exchange = { headers: [['Cookie', 'a=%31; b=2']] };
const BOTH: Exchange = { ...form('p=3+4'), uri: '/?g=1&g=%32' };
const BROKEN: Exchange = json('{"a"');
const ANSWER: Exchange = answered('hello', [['Content-Type', 'text/plain; charset=utf-8'], ['X-Y', 'z']]);
const NOON: Exchange = { timeMs: new Date(2024, 2, 5, 12, 8, 9).getTime() };

const PROCESS = (name: string): string => `SecAction "id:9,phase:1,pass,nolog,ctl:requestBodyProcessor=${name}"`;
const AS_JSON = { before: PROCESS('JSON') };
const AS_XML = { before: PROCESS('XML') };
const act = (actions: string): Rest => ({ before: `SecAction "id:9,phase:1,pass,nolog,${actions}"`, phase: 1 });

const DISPOSITION = 'Content-Disposition: form-data; name="f"; filename="x.txt"';
const part = (headers: string, data: string): string => `--BND\r\n${headers}\r\n\r\n${data}\r\n`;
const multipart = (body: string, parameters = '; boundary=BND'): Exchange => post(`multipart/form-data${parameters}`, body);
const FIELD = part('Content-Disposition: form-data; name="a"', '1');
const FILE = part(`${DISPOSITION}\r\nContent-Type: text/plain`, 'hello');
const END = '--BND--\r\n';
const CLEAN: Exchange = multipart(FIELD + FILE + END);

/** 1 on the odd body, 0 on a clean one; empty without a multipart body, as are all flags. */
const flag = (name: string, odd: Exchange, fact: string, rest: Rest = {}): readonly VariableRow[] => [
  row(`MULTIPART_${name}`, odd, '1', fact, { ...rest, plain: '' }),
  row(`MULTIPART_${name}`, CLEAN, '0', 'is 0 on a clean body'),
];

export const VARIABLE_ROWS: readonly VariableRow[] = [
  row('REMOTE_ADDR', CLIENT, '10.0.0.7', 'is the address of the client', { phase: 1, plain: '127.0.0.1' }),
  row('REMOTE_HOST', CLIENT, '10.0.0.7', 'is the address: names are not looked up', { phase: 1 }),
  row('REMOTE_PORT', CLIENT, '4711', 'is the port of the client', { phase: 1, plain: '0' }),
  row('REMOTE_USER', BASIC, 'joe', 'is the user of basic authentication', { phase: 1, plain: null }),
  row('USERAGENT_IP', CLIENT, '10.0.0.7', 'is the address of the client', { phase: 1 }),
  row('AUTH_TYPE', BASIC, 'Basic', 'is the scheme of the Authorization header', { phase: 1, plain: '' }),
  row('SERVER_ADDR', SERVER, '10.0.0.1', 'is the address that was asked', { phase: 1 }),
  row('SERVER_PORT', SERVER, '8443', 'is the port that was asked', { phase: 1, plain: '80' }),
  row('SERVER_NAME', BASIC, '[::1]', 'is the Host header without its port', { phase: 1, plain: 'shop.test' }),
  row('UNIQUE_ID', { id: 'abc-1' }, 'abc-1', 'is the id of the transaction', { phase: 1 }),

  row('REQUEST_METHOD', { method: 'pUT' }, 'pUT', 'is the method as sent', { phase: 1, plain: 'GET' }),
  row('REQUEST_PROTOCOL', { version: 'HTTP/1.0' }, 'HTTP/1.0', 'is the version of the request', { phase: 1, plain: 'HTTP/1.1' }),
  row('REQUEST_LINE', URI, 'GET http://shop.test/a/b%20c.txt?x=%31#top HTTP/1.1', 'is the line as received', { phase: 1 }),
  row('REQUEST_URI_RAW', URI, 'http://shop.test/a/b%20c.txt?x=%31#top', 'is the target as received', { phase: 1, plain: '/' }),
  row('REQUEST_URI', URI, '/a/b%20c.txt?x=%31', 'has no scheme, authority and fragment and is not decoded', { phase: 1 }),
  row('REQUEST_FILENAME', URI, '/a/b c.txt', 'is the path, decoded', { phase: 1, plain: '/' }),
  row('REQUEST_BASENAME', URI, 'b c.txt', 'is the last segment of the path', { phase: 1, plain: '' }),
  row('PATH_INFO', URI, '/a/b c.txt', 'is the path, decoded', { phase: 1 }),
  row('QUERY_STRING', URI, 'x=%31', 'is the query, not decoded', { phase: 1, plain: null }),

  row('REQUEST_HEADERS', BASIC, 'Basic am9lOng=', 'holds headers, named in any case', { target: 'REQUEST_HEADERS:authorization', phase: 1, plain: null }),
  row('REQUEST_HEADERS_NAMES', BASIC, 'Authorization', 'holds names as sent', { phase: 1, plain: 'Host' }),
  row('REQUEST_COOKIES', COOKIES, '%31', 'holds cookies, not decoded', { target: 'REQUEST_COOKIES:A', phase: 1, plain: null }),
  row('REQUEST_COOKIES_NAMES', COOKIES, 'b', 'holds names of cookies in order', { phase: 1, plain: null }),

  row('ARGS', BOTH, '3 4', 'holds arguments of the query, then of the body', { plain: null }),
  row('ARGS', BOTH, '3', 'counts each of them', { target: '&ARGS', plain: '0' }),
  row('ARGS_NAMES', BOTH, 'p', 'holds their names in order', { plain: null }),
  row('ARGS_GET', BOTH, '2', 'holds arguments of the query in order, decoded', { phase: 1, plain: null }),
  row('ARGS_GET_NAMES', BOTH, 'g', 'holds their names', { phase: 1, plain: null }),
  row('ARGS_POST', BOTH, '3 4', 'holds arguments of the body, decoded', { plain: null }),
  row('ARGS_POST', json('{"a":1}'), null, 'holds no members of JSON', AS_JSON),
  row('ARGS_POST_NAMES', BOTH, 'p', 'holds their names', { plain: null }),
  row('ARGS_PATH', { uri: '/users/7' }, '7', 'holds what @restpath found', { before: 'SecRule REQUEST_FILENAME "@restpath /users/{id}" "id:9,phase:1,pass,nolog"', target: 'ARGS_PATH:id', phase: 1, plain: null }),
  row('ARGS_COMBINED_SIZE', BOTH, '8', 'counts bytes of names and values'),
  row('URLENCODED_ERROR', { uri: '/?a=%zz' }, '1', 'is 1 after a broken escape', { phase: 1, plain: '0' }),

  row('REQUEST_BODY', BOTH, 'p=3+4', 'is the body of a form', { plain: null }),
  row('REQUEST_BODY', json('{}'), null, 'does not show other bodies', AS_JSON),
  row('REQUEST_BODY_LENGTH', BOTH, '5', 'counts the bytes of the body', { plain: '' }),
  row('REQBODY_PROCESSOR', BOTH, 'URLENCODED', 'names what reads the body', { phase: 1, plain: '' }),
  row('REQBODY_ERROR', BROKEN, '1', 'is 1 when the body cannot be read', { ...AS_JSON, plain: '0' }),
  row('REQBODY_ERROR_MSG', BROKEN, 'JSON', 'says why', { ...AS_JSON, operator: '@beginsWith JSON' }),
  row('REQBODY_ERROR_MSG', json('{}'), '', 'is empty when all is well', AS_JSON),
  row('REQBODY_PROCESSOR_ERROR', BROKEN, '1', 'is 1 when the processor fails', { ...AS_JSON, plain: '0' }),
  row('REQBODY_PROCESSOR_ERROR_MSG', BROKEN, 'JSON', 'says why', { ...AS_JSON, operator: '@beginsWith JSON' }),
  row('INBOUND_DATA_ERROR', form('a=12345'), '1', 'is 1 when the body passes its limit', { before: 'SecRequestBodyLimit 3\nSecRequestBodyLimitAction ProcessPartial', plain: '0' }),
  row('FULL_REQUEST', BOTH, null, 'holds headers and body', { operator: '@rx ^Host: shop\\.test\\nContent-Type: [a-z/-]+\\n\\n\\np=3\\+4$' }),
  row('FULL_REQUEST_LENGTH', BARE, '18', 'counts its bytes'),

  row('FILES', CLEAN, 'x.txt', 'holds file names by field', { target: 'FILES:f', plain: null }),
  row('FILES_NAMES', CLEAN, 'f', 'holds the fields of files', { plain: null }),
  row('FILES_SIZES', CLEAN, '5', 'holds sizes by field', { target: 'FILES_SIZES:f', plain: null }),
  row('FILES_TMP_CONTENT', CLEAN, 'hello', 'holds contents by field', { target: 'FILES_TMP_CONTENT:f', plain: null }),
  row('FILES_TMPNAMES', CLEAN, null, 'holds names where uploads go that are kept', { target: 'FILES_TMPNAMES:f', before: 'SecUploadKeepFiles On\nSecUploadDir /uploads', operator: '@rx ^/uploads/\\d{8}-\\d{6}-.+-file-1$', plain: null }),
  row('FILES_COMBINED_SIZE', multipart(FILE + FILE + END), '10', 'adds the sizes up'),

  ...flag('STRICT_ERROR', multipart(FIELD + FILE + END, '; boundary="BND"'), 'is 1 when any other flag is'),
  ...flag('BOUNDARY_QUOTED', multipart(FIELD + END, '; boundary="BND"'), 'is 1 when the boundary is quoted'),
  ...flag('BOUNDARY_WHITESPACE', multipart(FIELD + END, '; boundary =BND'), 'is 1 when blanks stand around ='),
  ...flag('DATA_BEFORE', multipart(`x\r\n${FIELD}${END}`), 'is 1 when a line precedes the first boundary'),
  ...flag('DATA_AFTER', multipart(`${FIELD}${END}x`), 'is 1 when something follows the last boundary'),
  ...flag('HEADER_FOLDING', multipart(part('Content-Disposition: form-data;\r\n name="a"', '1') + END), 'is 1 when a header is folded'),
  ...flag('INVALID_HEADER_FOLDING', multipart(part('Content-Disposition: form-data;\r\n \x0bname="a"', '1') + END), 'is 1 when other white space folds it'),
  ...flag('LF_LINE', multipart((FIELD + END).replaceAll('\r', '')), 'is 1 when lines end in a bare LF'),
  row('MULTIPART_CRLF_LINE', CLEAN, '1', 'is 1 when lines end in CRLF'),
  row('MULTIPART_CRLF_LINE', multipart((FIELD + END).replaceAll('\r', '')), '0', 'is 0 when none does'),
  ...flag('CRLF_LF_LINES', multipart(FIELD + END.replace('\r', '')), 'is 1 when line ends are mixed'),
  ...flag('MISSING_SEMICOLON', multipart(FIELD + END, ' boundary=BND'), 'is 1 when no semicolon precedes the boundary'),
  ...flag('SEMICOLON_MISSING', multipart(FIELD + END, ' boundary=BND'), 'is the other name of MULTIPART_MISSING_SEMICOLON'),
  ...flag('INVALID_QUOTING', multipart(part("Content-Disposition: form-data; name='a'", '1') + END), 'is 1 when a name is quoted in another way'),
  ...flag('INVALID_PART', multipart(`--BND\r\n${DISPOSITION}\r\n\r\n${FIELD}${END}`), 'is 1 when a boundary stands where data begins'),
  ...flag('FILE_LIMIT_EXCEEDED', multipart(FILE + FILE + END), 'is 1 when there are more files than SecUploadFileLimit', { before: 'SecTmpSaveUploadedFiles On\nSecUploadFileLimit 1' }),
  ...flag('UNMATCHED_BOUNDARY', multipart(part('Content-Disposition: form-data; name="a"', '--x') + END), 'is 1 when a line looks like another boundary'),
  ...flag('PEER_DISAGREES', multipart(part('Content-Disposition: form-data; name="a"; x="y"', '1') + END), 'is 1 when busboy reads the body in another way'),
  row('MULTIPART_PART_HEADERS', CLEAN, 'Content-Type: text/plain', 'holds the header lines of parts', { target: 'MULTIPART_PART_HEADERS:f', plain: null }),
  row('MULTIPART_NAME', CLEAN, 'f', 'is the name of the last part', { plain: null }),
  row('MULTIPART_FILENAME', CLEAN, 'x.txt', 'is the last file name', { plain: null }),

  row('XML', xml('<a n="1">x<b>y</b></a>'), 'xy', 'holds the text of the document', { ...AS_XML, target: 'XML:/*', plain: null }),
  row('XML', xml('<a n="1">x<b>y</b></a>'), '1', 'holds attributes', { ...AS_XML, target: 'XML://@*' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a/>'), 'file:///etc/hosts', 'holds where external entities lie', { ...AS_XML, target: 'XML_DTD:external', plain: null }),
  row('XML_DTD', xml('<!DOCTYPE a PUBLIC "-//A//B" "http://a.test/a.dtd"><a/>'), 'http://a.test/a.dtd', 'holds where a DTD lies', { ...AS_XML, target: 'XML_DTD:subset' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY % p "x"><!ENTITY e "y">]><a/>'), 'e', 'holds names of entities', { ...AS_XML, target: 'XML_DTD:entity' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY % p "x"><!ENTITY e "y">]><a/>'), 'p', 'holds names of parameter entities', { ...AS_XML, target: 'XML_DTD:parameter' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY x SYSTEM "b">]><a/>'), 'b', 'does not depend on SecParseXmlIntoArgs', { before: `${AS_XML.before}\nSecParseXmlIntoArgs OnlyArgs`, target: 'XML_DTD:external' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY x SYSTEM "b">]><a>&x;'), 'b', 'holds what was read before an error', { ...AS_XML, target: 'XML_DTD:external' }),
  row('XML_DTD', xml('<!DOCTYPE a [<!ENTITY x SYSTEM "b">]><a/>'), 'b', 'is there where XML is read as Coraza does', { before: `SecCompatibility coraza\n${AS_XML.before}`, target: 'XML_DTD:external' }),
  row('XML_DTD', xml('<a/>'), null, 'is empty without a DTD', AS_XML),

  row('RESPONSE_STATUS', { response: { status: 404, headers: [] } }, '404', 'is the status code', { phase: 3 }),
  row('RESPONSE_PROTOCOL', ANSWER, 'HTTP/1.1', 'is the version of the response', { phase: 3 }),
  row('STATUS_LINE', ANSWER, '200', 'begins with the status code', { phase: 3, operator: '@beginsWith 200' }),
  row('RESPONSE_HEADERS', ANSWER, 'z', 'holds headers, named in any case', { target: 'RESPONSE_HEADERS:x-y', phase: 3 }),
  row('RESPONSE_HEADERS_NAMES', ANSWER, 'X-Y', 'holds names as sent', { phase: 3 }),
  row('RESPONSE_CONTENT_TYPE', ANSWER, 'text/plain', 'has no parameters', { phase: 3 }),
  row('RESPONSE_CONTENT_LENGTH', ANSWER, '5', 'counts the bytes of the body', { phase: 4 }),
  row('RESPONSE_BODY', ANSWER, 'hello', 'is the body', { phase: 4 }),
  row('RESPONSE_BODY', answered('hello', [['Content-Type', 'image/png']]), '', 'is empty when the type is not inspected', { phase: 4 }),
  row('OUTBOUND_DATA_ERROR', ANSWER, '1', 'is 1 when the body passes its limit', { before: 'SecResponseBodyLimit 3\nSecResponseBodyLimitAction ProcessPartial', phase: 4 }),
  row('OUTBOUND_DATA_ERROR', ANSWER, '0', 'is 0 when it does not', { phase: 4 }),

  row('MATCHED_VAR', BOTH, '3 4', 'is the last value that matched, in later rules too', { before: 'SecRule ARGS "@rx ." "id:9,phase:2,pass,nolog"' }),
  row('MATCHED_VAR_NAME', BOTH, 'ARGS:p', 'is its name', { before: 'SecRule ARGS "@rx ." "id:9,phase:2,pass,nolog"' }),
  row('MATCHED_VARS', BOTH, '3', 'holds all that the chain has matched', { rule: 'SecRule ARGS "@rx ." "id:1,phase:2,pass,nolog,chain"\nSecRule &MATCHED_VARS "@ge 1" "setvar:tx.seen=%{MATCHED_VAR}"', plain: null }),
  row('MATCHED_VARS_NAMES', BOTH, 'ARGS:p', 'holds the names of what the chain has matched', { rule: 'SecRule ARGS:p "@rx ." "id:1,phase:2,pass,nolog,chain"\nSecRule MATCHED_VARS_NAMES "@rx ." "setvar:tx.seen=%{MATCHED_VAR}"', plain: null }),
  row('MATCHED_VARS_NAMES', BOTH, null, 'is empty at the beginning of a chain'),
  row('RULE', BARE, '1', 'holds facts of the running rule', { target: 'RULE:id' }),
  row('RULE', BARE, null, 'leaves out what the rule does not say', { target: 'RULE:rev' }),
  row('HIGHEST_SEVERITY', BARE, '2', 'is the lowest number that has matched', act('severity:CRITICAL')),
  row('HIGHEST_SEVERITY', BARE, '255', 'is 255 at the beginning', { phase: 1 }),

  row('TX', BARE, '5', 'holds what setvar sets, named in any case', { ...act('setvar:tx.a=5'), target: 'TX:A' }),
  row('TX', BARE, null, 'has no captures at the beginning', { target: 'TX:0' }),
  row('GLOBAL', BARE, '5', 'is opened by initcol', { ...act('initcol:global=all,setvar:global.a=5'), target: 'GLOBAL:a' }),
  row('GLOBAL', BARE, null, 'is empty until then', { ...act('setvar:global.a=5'), target: 'GLOBAL:a' }),
  row('IP', BARE, '5', 'is opened by initcol', { ...act('initcol:ip=%{REMOTE_ADDR},setvar:ip.a=5'), target: 'IP:a' }),
  row('IP', BARE, '127.0.0.1', 'knows its key', { ...act('initcol:ip=%{REMOTE_ADDR}'), target: 'IP:KEY' }),
  row('RESOURCE', BARE, '5', 'is opened by setrsc', { ...act('setrsc:r,setvar:resource.a=5'), target: 'RESOURCE:a' }),
  row('SESSION', BARE, '5', 'is opened by setsid', { ...act('setsid:s,setvar:session.a=5'), target: 'SESSION:a' }),
  row('USER', BARE, '5', 'is opened by setuid', { ...act('setuid:u,setvar:user.a=5'), target: 'USER:a' }),
  row('ENV', BARE, '5', 'holds what setenv sets', { ...act('setenv:A=5'), target: 'ENV:A' }),
  row('ENV', BARE, null, 'does not show the environment of the process', { target: 'ENV:PATH' }),
  row('GEO', { client: { address: '10.0.0.7', port: 1 } }, 'Switzerland', 'holds what @geoLookup found', { before: 'SecGeoLookupDb geo.mmdb\nSecRule REMOTE_ADDR "@geoLookup" "id:9,phase:1,pass,nolog"', target: 'GEO:COUNTRY_NAME' }),
  row('GEO', BARE, null, 'is empty before'),
  row('SESSIONID', BARE, 's', 'is what setsid was given', act('setsid:s')),
  row('USERID', BARE, 'u', 'is what setuid was given', act('setuid:u')),
  row('MODSEC_BUILD', BARE, '030160100', 'is a number of nine digits'),
  row('MSC_PCRE_ERROR', BARE, '0', 'is 0 as long as patterns run to their end'),
  row('MSC_PCRE_LIMITS_EXCEEDED', BARE, '1', 'is 1 when a pattern has passed its budget', { before: LIMIT, plain: '1' }),
  row('WEBAPPID', BARE, 'shop', 'is what SecWebAppId says', { before: 'SecWebAppId shop', phase: 1 }),
  row('WEBAPPID', BARE, 'default', 'is "default" without it', { phase: 1 }),

  row('TIME', NOON, '12:08:09', 'is the time of day', { phase: 1 }),
  row('TIME_HOUR', NOON, '12', 'is the hour', { phase: 1 }),
  row('TIME_MIN', NOON, '08', 'is the minute, with two digits', { phase: 1 }),
  row('TIME_SEC', NOON, '09', 'is the second, with two digits', { phase: 1 }),
  row('TIME_DAY', NOON, '05', 'is the day of the month, with two digits', { phase: 1 }),
  row('TIME_MON', NOON, '03', 'is the month, from 01', { phase: 1 }),
  row('TIME_WDAY', NOON, '2', 'is the day of the week, from Sunday 0', { phase: 1 }),
  row('TIME_YEAR', NOON, '2024', 'is the year', { phase: 1 }),
  row('TIME_EPOCH', { timeMs: 1_700_000_000_999 }, '1700000000', 'is the seconds since 1970', { phase: 1 }),
  row('DURATION', BARE, null, 'is a number', { phase: 1, operator: '@rx ^\\d+$' }),
];

/** Variables of other engines: rules that name them do not load. */
export const UNKNOWN_VARIABLES: readonly string[] = [
  // Bodies to be rewritten: there are none.
  'STREAM_INPUT_BODY', 'STREAM_OUTPUT_BODY',
  // What belongs to Apache or to a script that it runs.
  'SCRIPT_FILENAME', 'SCRIPT_BASENAME', 'SCRIPT_UID', 'SCRIPT_GID', 'SCRIPT_USERNAME', 'SCRIPT_GROUPNAME', 'SCRIPT_MODE', 'WEBSERVER_ERROR_LOG',
  // Facts of ModSecurity's own workings.
  'SDBM_DELETE_ERROR',
  'PERF_ALL', 'PERF_COMBINED', 'PERF_GC', 'PERF_LOGGING', 'PERF_PHASE1', 'PERF_PHASE2', 'PERF_PHASE3', 'PERF_PHASE4', 'PERF_PHASE5', 'PERF_RULES', 'PERF_SREAD', 'PERF_SWRITE',
  // Coraza's.
  'JSON', 'RESPONSE_ARGS', 'RESPONSE_XML', 'RESBODY_ERROR', 'RESBODY_ERROR_MSG', 'RESBODY_PROCESSOR', 'RESBODY_PROCESSOR_ERROR', 'RESBODY_PROCESSOR_ERROR_MSG',
];
