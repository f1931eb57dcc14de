import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunked } from '../../src/http/chunked.ts';
import { readRequest, readResponse } from '../../src/http/message.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('readRequest', () => {
  it('gives line, header fields in order and case, and the body', () => {
    expect(
      readRequest('POST /a?b HTTP/1.1\r\nHost: h\r\nx-A:  1 \r\nX-a: 2\r\n\r\nbody\r\n'),
    ).toEqual({
      line: 'POST /a?b HTTP/1.1',
      method: 'POST',
      uri: '/a?b',
      version: 'HTTP/1.1',
      headers: [
        { key: 'Host', value: 'h' },
        { key: 'x-A', value: '1' },
        { key: 'X-a', value: '2' },
      ],
      body: 'body\r\n',
      anomalies: [],
    });
  });

  it.each([
    ['blanks in the target', 'GET /a b c HTTP/1.1', 'GET', '/a b c', 'HTTP/1.1'],
    ['one blank', 'GET /', 'GET', '/', ''],
    ['no blank', 'JUNK', 'JUNK', '', ''],
    ['two blanks in a row', 'GET  HTTP/1.1', 'GET', '', 'HTTP/1.1'],
    ['nothing', '', '', '', ''],
  ])('splits the line at its first and last blank: %s', (_name, line, method, uri, version) => {
    expect(readRequest(`${line}\r\n\r\n`)).toMatchObject({ method, uri, version });
  });

  it('joins folded lines with one blank', () => {
    const request = readRequest('GET / HTTP/1.1\r\nA: 1\r\n \t2\r\n\t3\r\nB: 4\r\n\r\n');
    expect(request.headers).toEqual([
      { key: 'A', value: '1 2 3' },
      { key: 'B', value: '4' },
    ]);
    expect(request.anomalies).toEqual(['folded-header']);
  });

  it.each([
    ['bare-line-feed', 'GET / HTTP/1.1\nA: 1\n\n'],
    ['header-without-colon', 'GET / HTTP/1.1\r\njunk\r\n\r\n'],
    ['blank-before-colon', 'GET / HTTP/1.1\r\nA : 1\r\n\r\n'],
    ['missing-blank-line', 'GET / HTTP/1.1\r\nA: 1\r\n'],
    ['leading-blank-line', '\r\nGET / HTTP/1.1\r\n\r\n'],
    ['content-length-mismatch', 'GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab'],
    ['fold-before-first-header', 'GET / HTTP/1.1\r\n A: 1\r\n\r\n'],
    ['malformed-start-line', 'GET /\r\n\r\n'],
    ['bad-chunked-body', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
  ])('reports %s and goes on', (anomaly, raw) => {
    const request = readRequest(raw);
    expect(request.anomalies).toContain(anomaly);
    expect(request.method).toBe('GET');
  });

  it('keeps nul bytes, high bytes and odd names', () => {
    const { headers } = readRequest('GET / HTTP/1.1\r\nX_\x00\xff: \x00v\xe9\r\n\r\n');
    expect(headers).toEqual([{ key: 'X_\x00\xff', value: '\x00v\xe9' }]);
  });

  it('joins sound chunks and keeps unsound ones as sent', () => {
    const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n';
    expect(readRequest(`${head}3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n`).body).toBe('abcde');
    expect(readRequest(`${head}3\r\nabcd\r\n0\r\n\r\n`).body).toBe('3\r\nabcd\r\n0\r\n\r\n');
  });

  it('never throws and keeps the line, for any bytes', () => {
    const unit = fc.constantFrom(...'GET :/\r\n\t\x00\xff0a');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (raw) => {
        expect(readRequest(raw).line).not.toContain('\n');
        readResponse(raw);
      }),
      { numRuns: runs },
    );
  });

  it('reads a hundred thousand folded lines in linear time', () => {
    const raw = `GET / HTTP/1.1\r\nA: 1\r\n${' x\r\n'.repeat(100_000)}\r\n`;
    expect(readRequest(raw).headers[0]?.value).toHaveLength(200_001);
  });
});

describe('readResponse', () => {
  it('reads status line, headers and body', () => {
    expect(readResponse('HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nx')).toMatchObject({
      version: 'HTTP/1.1',
      status: 404,
      reason: 'Not Found',
      headers: [{ key: 'A', value: 'b' }],
      body: 'x',
      anomalies: [],
    });
  });

  it('gives status 0 when there is none', () => {
    expect(readResponse('HTTP/1.1 x\r\n\r\n')).toMatchObject({
      status: 0,
      anomalies: ['malformed-start-line'],
    });
  });
});

describe('decodeChunked', () => {
  it('undoes any chunking', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'binary-ascii' })), (chunks) => {
        const coded = chunks
          .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
          .join('');
        expect(decodeChunked(`${coded}0\r\n\r\n`)).toBe(chunks.join(''));
      }),
      { numRuns: runs },
    );
  });

  it.each([
    ['bytes behind the end', '0\r\n\r\nx'],
    ['no last chunk', '1\r\na\r\n'],
    ['a size with a sign', '+1\r\na\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x1\r\na\r\n0\r\n\r\n'],
    ['bare line feeds', '1\na\n0\n\n'],
    ['nothing', ''],
  ])('refuses %s', (_name, body) => {
    expect(decodeChunked(body)).toBeUndefined();
  });
});
