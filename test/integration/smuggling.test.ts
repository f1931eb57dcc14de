// Front end and upstream must never disagree on how many requests there are and what is in them.
//
// The upstream parses with Node's own parser, once as it is and once lenient, and everything it parses
// must be a request that the proxy meant to forward, with the body that the rules were shown.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSource, fakeSource } from '../adapters/support/fake-exchanges.ts';
import { RawClient } from '../adapters/support/raw-client.ts';
import { type RunningProxy, runProxy } from '../adapters/support/running-proxy.ts';
import { httpUpstream, type TestUpstream } from '../adapters/support/upstreams.ts';
import { TRANSFER_CODINGS, WIRE_CASES } from './smuggling-cases.ts';

/** Sends everything, closes the sending side, and waits for the end of the connection. */
async function sendAll(port: number, bytes: string): Promise<string> {
  const client = new RawClient(port);
  client.send(bytes);
  client.socket.end();
  return client.untilClosed();
}

describe.each([
  ['strict', false],
  ['lenient', true],
])('in front of a %s parser', (_name, insecureHTTPParser) => {
  let upstream: TestUpstream;
  let proxy: RunningProxy;
  let source: FakeSource;

  beforeAll(async () => {
    upstream = await httpUpstream(undefined, { insecureHTTPParser });
    source = fakeSource();
    proxy = await runProxy(upstream.port, { source });
  });

  afterAll(async () => {
    await proxy.close();
    await upstream.close();
  });

  function reset(): void {
    upstream.requests.length = 0;
    upstream.parseErrors.length = 0;
    proxy.reports.length = 0;
    proxy.faults.length = 0;
    source.seen.length = 0;
  }

  function expectAgreement(): void {
    const forwarded = source.seen.filter((seen) => seen.response !== undefined);
    expect(upstream.requests.map(({ body }) => body)).toEqual(
      forwarded.map(({ requestBody }) => requestBody),
    );
    // A method that Node does not know is no disagreement: it is refused as the one request it is.
    expect(upstream.parseErrors.filter((error) => !error.includes('method'))).toEqual([]);
    expect(proxy.faults).toEqual([]);
  }

  it.each(WIRE_CASES.map((wire) => [wire.name, wire] as const))('%s', async (_case, wire) => {
    reset();
    const received = await sendAll(proxy.port, wire.bytes);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
    expect(status === undefined ? null : Number(status)).toBe(wire.status);
    expect(upstream.requests).toHaveLength(wire.forwarded);
    if (wire.bodies !== undefined) {
      expect(upstream.requests.map(({ body }) => body)).toEqual(wire.bodies);
    }
    expectAgreement();
  });

  it('agrees on whatever is put together from suspicious pieces', async () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...LINES) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 6 }) },
    );
    const request = fc.tuple(
      fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'GET ', '\rPOST'),
      fc.constantFrom('/', '/a?b', 'http://a/', '*', '//x', '/%00'),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', ''),
      fc.array(piece, { maxLength: 4 }),
      fc.constantFrom(...BODIES),
    );
    const connection = fc.array(request, { minLength: 1, maxLength: 3 });
    const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);
    let forwarded = 0;
    await fc.assert(
      fc.asyncProperty(connection, async (requests) => {
        reset();
        const bytes = requests
          .map(
            ([method, target, version, lines, body]) =>
              `${method} ${target} ${version}\r\nHost: a\r\n${lines.join('')}\r\n${body}`,
          )
          .join('');
        await sendAll(proxy.port, bytes);
        forwarded += upstream.requests.length;
        expectAgreement();
      }),
      { numRuns },
    );
    // Agreement on nothing would prove nothing.
    expect(forwarded).toBeGreaterThan(numRuns / 50);
  });
});

const LINES: readonly string[] = [
  'Content-Length: 3\r\n',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: 03 \r\n',
  'content-length:\t4\r\n',
  'Content-Length : 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: chunked\r\n',
  'transfer-encoding:chunked\r\n',
  ...TRANSFER_CODINGS.map((coding) => `Transfer-Encoding: ${coding}\r\n`),
  ' folded\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive, Transfer-Encoding\r\n',
  'Upgrade: websocket\r\nConnection: upgrade\r\n',
  'Expect: 100-continue\r\n',
  'Host: b\r\n',
  'X: y\n',
  'X: \r\n',
  '\n',
];

const BODIES: readonly string[] = [
  '',
  'abc',
  'abcd',
  '3\r\nabc\r\n0\r\n\r\n',
  '3;x\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n',
  '0\r\n\r\n',
  '3\nabc\r\n0\r\n\r\n',
  'ffffffff\r\nabc',
  '0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n',
];
