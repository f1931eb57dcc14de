// Ways to make two HTTP parsers disagree on where a request ends, and ways to be malformed.
//
// `forwarded`: how many requests may reach the upstream, 0 or the number that every parser agrees on.

export interface WireCase {
  readonly name: string;
  readonly bytes: string;
  /** Status of the first answer; null: closed without one. */
  readonly status: number | null;
  readonly forwarded: number;
  /** Bodies as the upstream must see them, in order. */
  readonly bodies?: readonly string[];
}

const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';

/** A POST with these header lines (Host is there already) and this body. */
function post(lines: string, body: string): string {
  return `POST /p HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;
}

function refused(name: string, bytes: string, status: number | null = 400): WireCase {
  return { name, bytes, status, forwarded: 0 };
}

const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** One request goes on with the chunks' content, and the connection ends with its answer. */
function chunksWin(name: string, bytes: string, body: string): WireCase {
  return { name, bytes, status: 200, forwarded: 1, bodies: [body] };
}

/** A chunked POST with this body, and a request behind it that must not surface. */
function chunked(name: string, body: string): WireCase {
  return refused(name, post(CHUNKED, body) + HIDDEN);
}

export const TRANSFER_CODINGS: readonly string[] = [
  'xchunked',
  'chunked, identity',
  'identity, chunked',
  'chunked, chunked',
  'gzip, chunked',
  'chunked;q=1',
  '"chunked"',
  'chunked\x0b',
  '\x0bchunked',
  'chunk\x00ed',
  'chunked\xa0',
  'chu nked',
  'identity',
  '',
];

export const WIRE_CASES: readonly WireCase[] = [
  // Two lengths for one body: chunks win, the length is not passed on, and nothing behind them is read.
  chunksWin('CL.TE', post(`Content-Length: 6\r\n${CHUNKED}`, '0\r\n\r\nG'), ''),
  chunksWin(
    'TE.CL with sound chunks',
    post(`${CHUNKED}Content-Length: 4\r\n`, `21\r\n${HIDDEN}\r\n0\r\n\r\n${HIDDEN}`),
    HIDDEN,
  ),
  refused('TE.CL', post(`${CHUNKED}Content-Length: 4\r\n`, `5c\r\n${HIDDEN}\r\n0\r\n\r\n`)),
  chunksWin('CL.0 with TE', post(`Content-Length: 0\r\n${CHUNKED}`, `0\r\n\r\n${HIDDEN}`), ''),
  refused('a wrong length with TE', post(`Content-Length: x\r\n${CHUNKED}`, '0\r\n\r\n')),
  refused(
    'two lengths with TE',
    post(`Content-Length: 1\r\nContent-Length: 2\r\n${CHUNKED}`, '0\r\n\r\n'),
  ),
  refused('two lengths', post('Content-Length: 1\r\nContent-Length: 30\r\n', `a${HIDDEN}`)),
  refused('two lengths in one field', post('Content-Length: 1, 30\r\n', `a${HIDDEN}`)),
  refused('two transfer codings', post(`${CHUNKED}Transfer-Encoding: x\r\n`, `0\r\n\r\n${HIDDEN}`)),
  refused('two equal transfer codings', post(CHUNKED + CHUNKED, `0\r\n\r\n${HIDDEN}`)),
  {
    name: 'the same length twice',
    bytes: post('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc') + HIDDEN,
    status: 200,
    forwarded: 2,
    bodies: ['abc', ''],
  },
  // Lengths that parsers read differently.
  ...[
    '+3',
    '-1',
    '0x3',
    '3 0',
    '3;',
    '3.0',
    '1e1',
    ' ',
    '٣',
    '3\x00',
    '99999999999999999999999',
  ].map((length) =>
    refused(`length ${JSON.stringify(length)}`, post(`Content-Length: ${length}\r\n`, 'abc')),
  ),
  {
    name: 'a length with leading zeros',
    bytes: post('Content-Length: 0003\r\n', `abc${HIDDEN}`),
    status: 200,
    forwarded: 2,
    bodies: ['abc', ''],
  },
  // TE.TE: the coding is hidden from one of the parsers.
  ...TRANSFER_CODINGS.map((coding) =>
    refused(
      `transfer coding ${JSON.stringify(coding)}`,
      post(`Transfer-Encoding: ${coding}\r\n`, `0\r\n\r\n${HIDDEN}`),
    ),
  ),
  refused('space before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${HIDDEN}`)),
  refused('tab before the colon', post('Content-Length\t: 3\r\n', 'abc')),
  refused(
    'coding on a folded line',
    post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  ),
  refused('folded line', post('X: a\r\n\tContent-Length: 9\r\nContent-Length: 3\r\n', 'abc')),
  refused('blank before the first field', `GET / HTTP/1.1\r\n Host: a\r\n\r\n${HIDDEN}`),
  refused('NUL in a name', post('Transfer\x00-Encoding: chunked\r\n', '0\r\n\r\n')),
  refused('NUL in a value', post('X: a\x00b\r\n', '')),
  refused('control byte in a value', post('X: a\x0bb\r\n', '')),
  refused('underscore for a dash', post('Content_Length: 3\r\n', 'abc')),
  refused('chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: a\r\n${CHUNKED}\r\n0\r\n\r\n${HIDDEN}`),
  {
    name: 'any case of chunked',
    bytes: post('tRANSFER-eNCODING:\t chunkeD \r\n', `3\r\nabc\r\n0\r\n\r\n${HIDDEN}`),
    status: 200,
    forwarded: 2,
    bodies: ['abc', ''],
  },
  {
    name: 'Connection naming the length',
    bytes: post('Connection: Content-Length\r\nContent-Length: 3\r\n', `abc${HIDDEN}`),
    status: 200,
    forwarded: 2,
    bodies: ['abc', ''],
  },
  {
    name: 'a GET with a body',
    bytes: `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    status: 200,
    forwarded: 1,
    bodies: [HIDDEN],
  },
  {
    name: 'a body that looks like a request',
    bytes: post(`Content-Length: ${HIDDEN.length}\r\n`, HIDDEN + HIDDEN),
    status: 200,
    forwarded: 2,
    bodies: [HIDDEN, ''],
  },
  {
    name: 'an upgrade to HTTP/2',
    bytes: `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n${HIDDEN}`,
    status: 200,
    forwarded: 2,
  },
  // Line ends.
  refused('bare LF in the head', `GET / HTTP/1.1\nHost: a\n\n${HIDDEN}`),
  refused('bare LF before a field', post('X: a\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')),
  refused('bare LF as the empty line', `GET / HTTP/1.1\r\nHost: a\r\n\n${HIDDEN}`),
  refused('bare CR in a value', post('X: a\rTransfer-Encoding: chunked\r\n', '0\r\n\r\n')),
  refused('CR CR LF', `GET / HTTP/1.1\r\nHost: a\r\r\nX: y\r\n\r\n${HIDDEN}`),
  refused('CR CR LF as the empty line', `GET / HTTP/1.1\r\nHost: a\r\n\r\r\n${HIDDEN}\r\n`),
  {
    name: 'empty lines before the request',
    bytes: `\r\n\r\n${HIDDEN}\r\n${HIDDEN}`,
    status: 200,
    forwarded: 2,
  },
  // Chunk framing.
  chunked('negative chunk size', `-1\r\nabc\r\n0\r\n\r\n`),
  chunked('chunk size with 0x', '0x3\r\nabc\r\n0\r\n\r\n'),
  chunked('chunk size with a plus', '+3\r\nabc\r\n0\r\n\r\n'),
  chunked('blank before the chunk size', ' 3\r\nabc\r\n0\r\n\r\n'),
  chunked('blank behind the chunk size', '3 \r\nabc\r\n0\r\n\r\n'),
  chunked('empty chunk size', '\r\n0\r\n\r\n'),
  chunked('chunk size beyond 64 bits', '10000000000000003\r\nabc\r\n0\r\n\r\n'),
  chunked('chunk size beyond 32 bits of zeros', '000000000000003\r\nabc\r\n0\r\n\r\n'),
  chunked('underscore in the chunk size', '1_0\r\nabc\r\n0\r\n\r\n'),
  chunked('bare LF behind the chunk size', '3\nabc\r\n0\r\n\r\n'),
  chunked('bare LF behind the chunk', '3\r\nabc\n0\r\n\r\n'),
  chunked('bare LF in an extension', '3;a\nabc\r\n0\r\n\r\n'),
  chunked('bare CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'),
  chunked('NUL in an extension', '3;a\x00\r\nabc\r\n0\r\n\r\n'),
  chunked('junk behind the chunk', '3\r\nabcd\r\n0\r\n\r\n'),
  chunked('junk instead of the chunk end', '3\r\nabcXX0\r\n\r\n'),
  chunked('bare LF at the end', '3\r\nabc\r\n0\r\n\n'),
  chunked('trailer without a colon', '3\r\nabc\r\n0\r\nX\r\n\r\n'),
  chunked('trailer with a blank before the colon', '0\r\nContent-Length : 9\r\n\r\n'),
  chunked('an extension too long', `3;${'e'.repeat(5000)}\r\nabc\r\n0\r\n\r\n`),
  chunked('many extensions', `${`1;${'e'.repeat(1000)}\r\na\r\n`.repeat(20)}0\r\n\r\n`),
  {
    name: 'chunk extensions and trailers',
    bytes: post(
      CHUNKED,
      `3;a="b";c\r\nabc\r\n00002\r\nde\r\n0;x\r\nContent-Length: 99\r\nX: y\r\n\r\n${HIDDEN}`,
    ),
    status: 200,
    forwarded: 2,
    bodies: ['abcde', ''],
  },
  // Targets and hosts.
  refused('no Host', 'GET / HTTP/1.1\r\n\r\n'),
  refused('empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'),
  refused('two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'),
  refused('two Hosts in one', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'),
  refused('Host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'),
  refused('Host with user information', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n'),
  refused('Host with an escape', 'GET / HTTP/1.1\r\nHost: a%00\r\n\r\n'),
  refused('a target with another host', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('a target with user information', 'GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n'),
  refused('a target of another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('authority form', 'GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('asterisk for GET', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('CONNECT', `CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n${HIDDEN}`),
  refused('a fragment', 'GET /#x HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('a backslash target', 'GET \\x HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('NUL in the target', 'GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n'),
  {
    name: 'absolute form with the same host',
    bytes: 'GET http://A:80/x HTTP/1.1\r\nHost: a:80\r\n\r\n',
    status: 200,
    forwarded: 1,
  },
  { name: 'OPTIONS *', bytes: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', status: 200, forwarded: 1 },
  // Request lines.
  refused('blanks before the method', '     GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('tab before the method', '\tGET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('junk in the method', '|GET / HTTP/1.1\r\nHost: a\r\n\r\n'.replace('|', '"')),
  refused('two blanks', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('tabs for blanks', 'GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('a blank in the target', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'),
  refused('HTTP/1.1 inside the target', `GET / HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n`),
  refused('a blank behind the version', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n'),
  refused('no version', 'GET / \r\nHost: a\r\n\r\n', null),
  refused('version 0.9', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n'),
  refused('version 2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  refused('version 2 for GET', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505),
  refused('version without a minor number', 'GET / HTTP/1\r\nHost: a\r\n\r\n'),
  refused('version with two digits', 'GET / HTTP/1.10\r\nHost: a\r\n\r\n'),
  refused('lower-case version', 'GET / http/1.1\r\nHost: a\r\n\r\n'),
  refused('another protocol', 'GET / JUNK/1.1\r\nHost: a\r\n\r\n'),
  // Fields.
  refused('a line without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n'),
  refused('an empty name', 'GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n'),
  refused('a name that is no token', 'GET / HTTP/1.1\r\nHost: a\r\nX(y): x\r\n\r\n'),
  refused('a name with a high byte', 'GET / HTTP/1.1\r\nHost: a\r\nX\xe9: x\r\n\r\n'),
  refused('an expectation we cannot meet', post('Expect: x\r\nContent-Length: 0\r\n', ''), 417),
  refused('too many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(300)}\r\n`, 431),
  refused('a head too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`, 431),
  refused('a target too long', `GET /${'y'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414),
];
