import { describe, expect, it } from 'vitest';
import { judgeRequestHead, type RequestHeadText } from '../../src/http/strictness.ts';
import type { Pair } from '../../src/model/pair.ts';

function head(
  line: string,
  headers: readonly (readonly [string, string])[] = [['Host', 'a.test']],
) {
  const pieces = line.split(' ');
  const pairs: Pair[] = headers.map(([key, value]) => ({ key, value }));
  return {
    line,
    method: pieces[0] ?? '',
    uri: pieces[1] ?? '',
    version: pieces[2] ?? '',
    headers: pairs,
  } satisfies RequestHeadText;
}

const HOST: readonly [string, string] = ['Host', 'a.test'];

describe('judgeRequestHead on request lines', () => {
  const cases: readonly { name: string; line: string; reject: string | undefined }[] = [
    { name: 'an ordinary line', line: 'GET /a?b=c HTTP/1.1', reject: undefined },
    { name: 'markup in the query', line: 'GET /?q=<a>"|\\ HTTP/1.1', reject: undefined },
    { name: 'high bytes', line: 'GET /\xc3\xa9 HTTP/1.1', reject: undefined },
    { name: 'an absolute target', line: 'GET http://a.test HTTP/1.1', reject: undefined },
    { name: 'OPTIONS *', line: 'OPTIONS * HTTP/1.1', reject: undefined },
    { name: 'CONNECT with a port', line: 'CONNECT 1.2.3.4:80 HTTP/1.1', reject: undefined },
    { name: 'an odd but legal method', line: '|GET / HTTP/1.1', reject: undefined },
    { name: 'GET *', line: 'GET * HTTP/1.1', reject: 'bad-target' },
    { name: 'CONNECT without a port', line: 'CONNECT a.test HTTP/1.1', reject: 'bad-target' },
    { name: 'a target without a slash', line: 'GET \\index HTTP/1.1', reject: 'bad-target' },
    { name: 'a fragment', line: 'GET /#a HTTP/1.1', reject: 'fragment-in-target' },
    { name: 'a control byte in the target', line: 'GET /\x01 HTTP/1.1', reject: 'bad-target' },
    { name: 'a blank in the target', line: 'GET /a b HTTP/1.1', reject: 'bad-request-line' },
    { name: 'a leading blank', line: ' GET / HTTP/1.1', reject: 'bad-method' },
    { name: 'a leading tab', line: '\tGET / HTTP/1.1', reject: 'bad-method' },
    { name: 'an empty line', line: '', reject: 'bad-request-line' },
    { name: 'HTTP/0.9 by name', line: 'GET / HTTP/0.9', reject: 'bad-version' },
    { name: 'a word for a version', line: 'GET / TEST', reject: 'bad-version' },
    { name: 'a lower-case version', line: 'GET / http/1.1', reject: 'bad-version' },
    { name: 'a future version', line: 'GET / HTTP/4.0', reject: 'unsupported-version' },
    { name: 'no version', line: 'GET /', reject: 'no-version' },
    { name: 'no version behind a blank', line: 'GET / ', reject: 'no-version' },
  ];
  for (const { name, line, reject } of cases) {
    it(`${reject === undefined ? 'passes' : 'rejects'} ${name}`, () => {
      expect(judgeRequestHead(head(line)).reject).toBe(reject);
    });
  }

  it('lets rules see heads of another protocol version, and only those', () => {
    expect(judgeRequestHead(head('GET / HTTP/4.0'))).toMatchObject({ status: 505, inspect: true });
    expect(judgeRequestHead(head('GET / '))).toMatchObject({ status: 0, inspect: true });
    expect(judgeRequestHead(head('GET /#a HTTP/1.1'))).toMatchObject({
      status: 400,
      inspect: false,
    });
  });
});

describe('judgeRequestHead on headers', () => {
  const cases: readonly {
    name: string;
    version?: string;
    headers: readonly (readonly [string, string])[];
    reject: string | undefined;
  }[] = [
    { name: 'underscores and dots in names', headers: [HOST, ['X_a.b', '1']], reject: undefined },
    { name: 'a host with a port', headers: [['host', ' a.test:80 ']], reject: undefined },
    { name: 'an IPv6 host', headers: [['Host', '[::1]:80']], reject: undefined },
    { name: 'no host', headers: [], reject: 'missing-host' },
    { name: 'no host in HTTP/1.0', version: 'HTTP/1.0', headers: [], reject: undefined },
    { name: 'an empty host', headers: [['Host', '']], reject: 'bad-host' },
    { name: 'a host with %00', headers: [['Host', 'a%00']], reject: 'bad-host' },
    { name: 'a host with a path', headers: [['Host', 'a/b']], reject: 'bad-host' },
    { name: 'two hosts', headers: [HOST, ['HOST', 'b.test']], reject: 'repeated-host' },
    { name: 'a bare CR in a value', headers: [HOST, ['A', 'b\rC: d']], reject: 'bad-header-value' },
    { name: 'NUL in a value', headers: [HOST, ['A', '\0']], reject: 'bad-header-value' },
    { name: 'a blank before the colon', headers: [HOST, ['A ', 'b']], reject: 'bad-header-name' },
    { name: 'a length', headers: [HOST, ['Content-Length', '3']], reject: undefined },
    {
      name: 'a length in words',
      headers: [HOST, ['Content-Length', 'x']],
      reject: 'bad-content-length',
    },
    {
      name: 'a signed length',
      headers: [HOST, ['Content-Length', '+3']],
      reject: 'bad-content-length',
    },
    {
      name: 'two lengths',
      headers: [HOST, ['Content-Length', '3'], ['content-length', '4']],
      reject: 'conflicting-content-length',
    },
    { name: 'chunked', headers: [HOST, ['Transfer-Encoding', 'Chunked']], reject: undefined },
    {
      name: 'chunked in HTTP/1.0',
      version: 'HTTP/1.0',
      headers: [HOST, ['Transfer-Encoding', 'chunked']],
      reject: 'bad-transfer-encoding',
    },
    {
      name: 'another coding',
      headers: [HOST, ['Transfer-Encoding', 'xchunked']],
      reject: 'bad-transfer-encoding',
    },
    {
      name: 'length and chunked',
      headers: [HOST, ['Content-Length', '3'], ['Transfer-Encoding', 'chunked']],
      reject: undefined,
    },
  ];
  for (const { name, version, headers, reject } of cases) {
    it(`${reject === undefined ? 'passes' : 'rejects'} ${name}`, () => {
      expect(judgeRequestHead(head(`GET / ${version ?? 'HTTP/1.1'}`, headers)).reject).toBe(reject);
    });
  }

  it('judges raw header lines when they are at hand', () => {
    const at = (headerLines: readonly string[]) =>
      judgeRequestHead({ ...head('GET / HTTP/1.1'), headerLines }).reject;
    expect(at(['Host: a.test'])).toBe(undefined);
    expect(at(['Host: a.test', ' folded'])).toBe('folded-header');
    expect(at(['Host: a.test', 'nothing'])).toBe('bad-header-line');
  });
});
