// The reverse proxy while everybody behaves: what passes, what the upstream is told, what is blocked.

import { describe, expect, it } from 'vitest';
import { ALLOW, block, fakeSource } from './support/fake-exchanges.ts';
import { GET, proxyBench } from './support/proxy-bench.ts';
import { once, RawClient } from './support/raw-client.ts';
import { runProxy } from './support/running-proxy.ts';
import { httpUpstream, rawUpstream } from './support/upstreams.ts';

const { running, setUp } = proxyBench();

describe('passing requests', () => {
  it('forwards a request and gives back the answer', async () => {
    const { proxy, upstream, source } = await setUp();
    const response = await once(proxy.port, GET);
    expect(response?.status).toBe(200);
    expect(response?.body).toBe('GET /a ');
    expect(upstream.requests[0]?.header('host')).toBe('shop.test');
    expect(source.seen[0]?.calls).toEqual([
      'requestHead',
      'endRequest',
      'responseHead',
      'endResponse',
      'finish',
    ]);
  });

  it('shows the rules the request as sent, bytes and order kept', async () => {
    const { proxy, source } = await setUp();
    await once(
      proxy.port,
      'GET /\xe9?<x> HTTP/1.1\r\nHost: a\r\nX-B:  \xff\xfe \r\nx-b: 2\r\n\r\n',
    );
    const { uri, headers, line } = source.seen[0]!.request;
    expect(uri).toBe('/\xe9?<x>');
    expect(line).toBeUndefined();
    expect(headers).toEqual([
      ['Host', 'a'],
      ['X-B', '\xff\xfe'],
      ['x-b', '2'],
    ]);
  });

  it('keeps bytes of header values on their way to the upstream and back', async () => {
    const { proxy, upstream } = await setUp({}, (_request, response) => {
      response.writeHead(200, 'OK', ['X-Back', 'b\xe9\xff']);
      response.end();
    });
    const response = await once(
      proxy.port,
      'GET / HTTP/1.1\r\nHost: a\r\nX-There: \xe9\xff\r\n\r\n',
    );
    expect(upstream.requests[0]?.header('x-there')).toBe('\xe9\xff');
    expect(response?.head).toContain('X-Back: b\xe9\xff');
  });

  it('answers requests on one connection one after the other', async () => {
    const { proxy, upstream } = await setUp();
    const client = new RawClient(proxy.port);
    for (const path of ['/1', '/2', '/3']) {
      client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect((await client.response())?.body).toBe(`GET ${path} `);
    }
    client.destroy();
    expect(upstream.connections).toBe(1);
  });

  it('answers pipelined requests in order, whichever the upstream finishes first', async () => {
    const { proxy } = await setUp({}, (request, response) => {
      setTimeout(() => response.end(request.url + request.body), request.url === '/1' ? 50 : 0);
    });
    const client = new RawClient(proxy.port);
    client.send(
      'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc' +
        'POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n' +
        '\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    const bodies = [];
    for (let at = 0; at < 3; at++) bodies.push((await client.response())?.body);
    client.destroy();
    expect(bodies).toEqual(['/1abc', '/2de', '/3']);
  });

  it('joins a chunked request body and forwards it with its length', async () => {
    const { proxy, upstream, source } = await setUp();
    await once(
      proxy.port,
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nX-Trailer: 1\r\n\r\n',
    );
    expect(source.seen[0]?.requestBody).toBe('abcd');
    const [request] = upstream.requests;
    expect(request?.body).toBe('abcd');
    expect(request?.header('content-length')).toBe('4');
    expect(request?.header('transfer-encoding')).toBeUndefined();
  });

  it('reads a head that arrives byte by byte', async () => {
    const { proxy } = await setUp();
    const client = new RawClient(proxy.port);
    for (const char of GET) {
      client.send(char);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.response())?.status).toBe(200);
    client.destroy();
  });

  it('forwards a large body unchanged and shows all of it to the rules', async () => {
    const { proxy, upstream, source } = await setUp();
    const body = 'x\x00\xff'.repeat(500_000);
    await once(
      proxy.port,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(upstream.requests[0]?.body === body).toBe(true);
    expect(source.seen[0]?.requestBody === body).toBe(true);
  });

  it('sends 100 (Continue) when the head has passed, and not when it is blocked', async () => {
    const blockPut = (method: string) => (method === 'PUT' ? block() : ALLOW);
    const { proxy } = await setUp({ requestHead: ({ method }) => blockPut(method) });
    const head = (method: string) =>
      `${method} / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
    const client = new RawClient(proxy.port);
    client.send(head('POST'));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('ok');
    expect((await client.response())?.body).toBe('POST / ok');
    client.send(head('PUT'));
    expect((await client.untilClosed()).startsWith('HTTP/1.1 403')).toBe(true);
  });

  it('answers HEAD with the length and without the body', async () => {
    const { proxy } = await setUp({}, (_request, response) => {
      response.writeHead(200, { 'Content-Length': '5' });
      response.end();
    });
    const client = new RawClient(proxy.port);
    client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
    const response = await client.response('HEAD');
    expect(response?.head).toContain('Content-Length: 5');
    client.send('HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    expect((await client.response('HEAD'))?.status).toBe(200);
    client.destroy();
  });

  it.each([204, 304])('passes a %s without a body', async (status) => {
    const { proxy } = await setUp({}, (_request, response) => {
      response.writeHead(status);
      response.end();
    });
    const client = new RawClient(proxy.port);
    client.send(GET + GET);
    expect((await client.response())?.status).toBe(status);
    expect((await client.response())?.status).toBe(status);
    client.destroy();
  });

  it('serves HTTP/1.0 clients: closes by default, keeps alive when asked, never sends chunks', async () => {
    const { proxy } = await setUp({ wantsResponseBody: false }, (_request, response) => {
      response.write('a');
      response.end('b');
    });
    const client = new RawClient(proxy.port);
    client.send('GET / HTTP/1.0\r\n\r\n');
    const all = await client.untilClosed();
    expect(all.endsWith('\r\n\r\nab')).toBe(true);
    expect(all).not.toContain('chunked');
  });

  it('streams a response that the rules do not want, before it is complete', async () => {
    const { proxy } = await setUp({ wantsResponseBody: false }, (_request, response) => {
      response.write('first');
    });
    const client = new RawClient(proxy.port);
    client.send(GET);
    await client.until('first');
    expect(client.received).toContain('Transfer-Encoding: chunked');
    client.destroy();
  });

  it('streams a request body that the rules do not want, after phase 2', async () => {
    const { proxy, source, upstream } = await setUp({ wantsRequestBody: false });
    const client = new RawClient(proxy.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(source.seen[0]?.calls).toContain('endRequest');
    client.send('2\r\nde\r\n0\r\n\r\n');
    expect((await client.response())?.body).toBe('POST / abcde');
    expect(source.seen[0]?.requestBody).toBe('');
    expect(upstream.requests[0]?.header('transfer-encoding')).toBe('chunked');
    client.destroy();
  });

  it('passes on what lies beyond the part that the rules want', async () => {
    const { proxy, upstream } = await setUp({
      wantsRequestBody: (seen) => seen.requestBody.length < 100_000,
    });
    const body = 'y'.repeat(400_000);
    await once(
      proxy.port,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(upstream.requests[0]?.body).toHaveLength(400_000);
  });
});

describe('what the upstream is told', () => {
  it('drops fields of one hop, asks for no compression, and names the client', async () => {
    const { proxy, upstream } = await setUp();
    await once(
      proxy.port,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Gone, Cookie\r\nX-Gone: 1\r\nCookie: c=1\r\n' +
        'Keep-Alive: 3\r\nUpgrade: websocket\r\nTE: trailers\r\nProxy-Authorization: x\r\n' +
        'Accept-Encoding: gzip\r\nX-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 7.7.7.7\r\n' +
        'Forwarded: for=6.6.6.6\r\n\r\n',
    );
    const { headers } = upstream.requests[0]!;
    expect(headers.filter((_text, at) => at % 2 === 0)).toEqual([
      'Host',
      'Cookie',
      'X-Forwarded-For',
      'X-Forwarded-Proto',
      'Accept-Encoding',
    ]);
    expect(headers).toContain('127.0.0.1');
    expect(headers).toContain('identity');
  });

  it('sends repeated single-valued fields as one line', async () => {
    const { proxy, upstream } = await setUp();
    await once(
      proxy.port,
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nCookie: x=1\r\ncontent-type: c/d\r\nCookie: y=2\r\n\r\n',
    );
    expect(upstream.requests[0]?.header('content-type')).toBe('a/b, c/d');
    expect(upstream.requests[0]?.header('cookie')).toBe('x=1; y=2');
  });

  it('turns an absolute target into its path', async () => {
    const { proxy, upstream } = await setUp();
    await once(proxy.port, 'GET http://a?q HTTP/1.1\r\nHost: A\r\n\r\n');
    expect(upstream.requests[0]?.url).toBe('/?q');
  });

  it('keeps the case of unusual methods', async () => {
    let line = '';
    const upstream = await rawUpstream((socket, received) => {
      line = received.slice(0, received.indexOf('\r\n'));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy, upstream);
    await once(proxy.port, 'gEt / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(line).toBe('gEt / HTTP/1.1');
  });
});

describe('blocking', () => {
  it('answers a blocked request with the status and a page that names the id only', async () => {
    const { proxy, upstream } = await setUp({ requestHead: () => block(418) });
    const response = await once(proxy.port, GET);
    expect(response?.status).toBe(418);
    expect(response?.body).toContain('id-1');
    expect(response?.body).not.toContain('42');
    expect(upstream.requests).toHaveLength(0);
    expect(proxy.reports[0]).toMatchObject({ result: 'blocked', status: 418 });
  });

  it('forwards nothing of a request whose body is blocked', async () => {
    const { proxy, upstream } = await setUp({
      endRequest: (seen) => (seen.requestBody.includes('evil') ? block() : ALLOW),
    });
    const client = new RawClient(proxy.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nevil');
    expect((await client.response())?.status).toBe(403);
    client.send(GET);
    expect((await client.response())?.status).toBe(200);
    client.destroy();
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/a']);
  });

  it('closes after a block that leaves the body unread', async () => {
    const { proxy } = await setUp({ requestHead: () => block() });
    const client = new RawClient(proxy.port);
    client.send(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    const all = await client.untilClosed();
    expect(all.match(/HTTP\/1\.1 403/g)).toHaveLength(1);
    expect(all).toContain('Connection: close');
  });

  it('sends nothing of a response whose body is blocked', async () => {
    const { proxy } = await setUp(
      { endResponse: (seen) => (seen.responseBody.includes('secret') ? block() : ALLOW) },
      (_request, response) => {
        response.setHeader('X-Leak', 'also');
        response.write('x'.repeat(300_000));
        response.end('secret');
      },
    );
    const response = await once(proxy.port, GET);
    expect(response?.status).toBe(403);
    expect(response?.head).not.toContain('X-Leak');
    expect(response?.body).not.toContain('xxx');
  });

  it('redirects to the target of the rule, control bytes encoded', async () => {
    const { proxy } = await setUp({
      requestHead: () => block(302, 'redirect', 'http://x/?\r\nSet-Cookie: a'),
    });
    const response = await once(proxy.port, GET);
    expect(response?.status).toBe(302);
    expect(response?.head).toContain('Location: http://x/?%0D%0ASet-Cookie:%20a');
  });

  it('lets another server answer on proxy, with the request and its body', async () => {
    const honeypot = await httpUpstream((request, response) => {
      response.end(`honey ${request.method} ${request.url} ${request.body}`);
    });
    running.push(honeypot);
    const url = `http://127.0.0.1:${honeypot.port}/trap?x`;
    for (const step of ['requestHead', 'endRequest']) {
      const { proxy, upstream } = await setUp({ [step]: () => block(403, 'proxy', url) });
      const response = await once(
        proxy.port,
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok',
      );
      expect(response?.body).toBe('honey POST /trap?x ok');
      expect(upstream.requests).toHaveLength(0);
      expect(proxy.reports[0]).toMatchObject({ result: 'blocked', status: 200 });
    }
  });

  it.each(['ftp://x/', 'not a url'])('denies when proxy names %j', async (url) => {
    const { proxy } = await setUp({ requestHead: () => block(403, 'proxy', url) });
    expect((await once(proxy.port, GET))?.status).toBe(403);
  });

  it('closes without an answer on drop', async () => {
    const { proxy } = await setUp({ requestHead: () => block(0, 'drop') });
    expect(await once(proxy.port, GET)).toBeUndefined();
    expect(proxy.reports[0]).toMatchObject({ result: 'blocked', status: 0 });
  });

  it.each(['connection', 'requestHead', 'endRequest', 'responseHead', 'endResponse'])(
    'blocks when %s throws',
    async (step) => {
      const fail = (): never => {
        throw new Error('broken rule');
      };
      const source = fakeSource({ [step]: fail });
      if (step === 'connection') Object.assign(source, { exchange: fail });
      const upstream = await httpUpstream();
      const proxy = await runProxy(upstream.port, { source });
      running.push(proxy, upstream);
      const response = await once(proxy.port, GET);
      expect(response?.status).toBe(500);
      expect(response?.body).not.toContain('GET /a');
      expect(proxy.reports[0]).toMatchObject({ result: 'blocked', reason: 'engine-error' });
      expect(proxy.faults).toHaveLength(1);
      expect((await once(proxy.port, GET))?.status).toBe(500);
    },
  );

  it('blocks a body beyond what is held back, unless told to stream', async () => {
    const body = 'z'.repeat(300_000);
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const blocking = await setUp({}, undefined, { requestHold: { bytes: 1000, beyond: 'block' } });
    expect((await once(blocking.proxy.port, post))?.status).toBe(413);
    const streaming = await setUp({}, undefined, {
      requestHold: { bytes: 1000, beyond: 'stream' },
    });
    expect((await once(streaming.proxy.port, post))?.body).toHaveLength(7 + body.length);
    expect(streaming.source.seen[0]!.requestBody.length).toBeLessThan(body.length);
  });

  it('blocks when bodies held over all exchanges exceed the memory for them', async () => {
    const { proxy } = await setUp({}, undefined, { maxHeldBytes: 1000 });
    const post = (size: number): string =>
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'m'.repeat(size)}`;
    expect((await once(proxy.port, post(2000)))?.status).toBe(503);
    expect((await once(proxy.port, post(300)))?.status).toBe(200);
  });
});
