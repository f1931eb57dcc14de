// The reverse proxy while somebody does not: failing upstreams, slow and leaving clients, draining.

import { describe, expect, it } from 'vitest';
import { ALLOW, block, fakeSource } from './support/fake-exchanges.ts';
import { GET, proxyBench } from './support/proxy-bench.ts';
import { once, RawClient } from './support/raw-client.ts';
import { runProxy } from './support/running-proxy.ts';
import { httpUpstream, rawUpstream } from './support/upstreams.ts';

const { running, setUp } = proxyBench();

describe('failing upstreams', () => {
  it('answers 502 when nobody listens', async () => {
    const upstream = await httpUpstream();
    await upstream.close();
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy);
    expect((await once(proxy.port, GET))?.status).toBe(502);
    expect(proxy.reports[0]).toMatchObject({ result: 'failed', reason: 'upstream-refused' });
  });

  it.each([
    ['closes at once', '', 502, 'upstream-closed'],
    ['speaks another protocol', 'SSH-2.0-x\r\n\r\n', 502, 'upstream-bad-response'],
    [
      'declares two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      502,
      'upstream-bad-response',
    ],
    [
      'declares length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      502,
      'upstream-bad-response',
    ],
    [
      'switches protocols',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n',
      502,
      'upstream-bad-response',
    ],
    [
      'splits a header',
      'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n',
      502,
      'upstream-bad-response',
    ],
    ['ends early', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab', 502, 'upstream-truncated'],
    [
      'sends a bad chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      502,
      'upstream-bad-response',
    ],
  ])('answers with a gateway status when the upstream %s', async (_name, bytes, status, reason) => {
    const upstream = await rawUpstream((socket) => socket.end(Buffer.from(bytes, 'latin1')));
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy, upstream);
    expect((await once(proxy.port, GET))?.status).toBe(status);
    expect(proxy.reports[0]).toMatchObject({ result: 'failed', reason });
    expect(proxy.faults).toEqual([]);
  });

  it('answers 504 when the upstream does not answer in time', async () => {
    const upstream = await rawUpstream(() => {});
    const { UPSTREAM_LIMITS } = await import('../../src/adapters/upstream.ts');
    const proxy = await runProxy(upstream.port, {
      source: fakeSource(),
      upstreamLimits: { ...UPSTREAM_LIMITS, responseMs: 50 },
    });
    running.push(proxy, upstream);
    expect((await once(proxy.port, GET))?.status).toBe(504);
  });

  it('cuts the client off when a streamed response ends early', async () => {
    const upstream = await rawUpstream((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab'),
    );
    const proxy = await runProxy(upstream.port, {
      source: fakeSource({ wantsResponseBody: false }),
    });
    running.push(proxy, upstream);
    const client = new RawClient(proxy.port);
    client.send(GET);
    const all = await client.untilClosed();
    expect(all.endsWith('ab')).toBe(true);
    expect(proxy.reports[0]).toMatchObject({ result: 'failed', reason: 'upstream-truncated' });
  });

  it('skips interim responses', async () => {
    const upstream = await rawUpstream((socket) =>
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nk',
      ),
    );
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy, upstream);
    expect((await once(proxy.port, GET))?.body).toBe('k');
  });

  it('never uses a connection again on which the upstream sent too much', async () => {
    let connections = 0;
    const upstream = await rawUpstream((socket) => {
      connections++;
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison',
      );
    });
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy, upstream);
    expect((await once(proxy.port, GET))?.body).toBe('1');
    expect((await once(proxy.port, GET))?.body).toBe('1');
    expect(connections).toBe(2);
  });

  it('repeats a GET when a kept connection turns out to be closed', async () => {
    let connections = 0;
    const upstream = await rawUpstream((socket) => {
      connections++;
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      // The second request on this connection is never answered.
      socket.once('data', () => socket.destroy());
    });
    const proxy = await runProxy(upstream.port, { source: fakeSource() });
    running.push(proxy, upstream);
    expect((await once(proxy.port, GET))?.body).toBe('ok');
    expect((await once(proxy.port, GET))?.body).toBe('ok');
    expect(connections).toBe(2);
  });

  it('passes an answer that comes before the request body is complete, then closes', async () => {
    const upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig'),
    );
    const proxy = await runProxy(upstream.port, {
      source: fakeSource({ wantsRequestBody: false }),
    });
    running.push(proxy, upstream);
    const client = new RawClient(proxy.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart');
    const all = await client.untilClosed();
    expect(all).toContain('HTTP/1.1 413');
    expect(all).toContain('Connection: close');
  });
});

describe('slow and leaving clients', () => {
  const limits = { headMs: 60, idleMs: 60, bodyPace: { graceMs: 60, minBytesPerSecond: 1000 } };

  it('closes a connection on which no request comes, without a word', async () => {
    const { proxy } = await setUp({}, undefined, { connectionLimits: limits });
    const client = new RawClient(proxy.port);
    expect(await client.untilClosed()).toBe('');
  });

  it('answers 408 when a head trickles in', async () => {
    const { proxy } = await setUp({}, undefined, { connectionLimits: limits });
    const client = new RawClient(proxy.port);
    const trickle = setInterval(() => client.send('x'), 10);
    const all = await client.untilClosed();
    clearInterval(trickle);
    expect(all).toContain('408');
  });

  it('answers 408 when a body trickles in', async () => {
    const { proxy, upstream } = await setUp({}, undefined, { connectionLimits: limits });
    const client = new RawClient(proxy.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n');
    const trickle = setInterval(() => client.send('x'), 10);
    const all = await client.untilClosed();
    clearInterval(trickle);
    expect(all).toContain('408');
    expect(upstream.requests).toHaveLength(0);
  });

  it('ends the upstream exchange when the client leaves', async () => {
    let gone: (() => void) | undefined;
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const { proxy } = await setUp({}, (_request, response) => {
      response.on('close', () => gone?.());
    });
    const client = new RawClient(proxy.port);
    client.send(GET);
    await new Promise((resolve) => setTimeout(resolve, 30));
    client.socket.resetAndDestroy();
    await left;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(proxy.reports[0]).toMatchObject({ result: 'aborted' });
  });
});

describe('reports of leaving clients', () => {
  it('call a block a block, whether or not the client waited for it', async () => {
    const { proxy } = await setUp({
      endRequest: () => block(),
      requestBody: () => {
        client.socket.resetAndDestroy();
        return ALLOW;
      },
    });
    const client = new RawClient(proxy.port);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok');
    while (proxy.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(proxy.reports[0]).toMatchObject({ result: 'blocked', reason: 'signature-block' });
  });
});

describe('draining', () => {
  it('closes idle connections, finishes running exchanges, then stops', async () => {
    const { proxy } = await setUp({}, (_request, response) => {
      setTimeout(() => response.end('late'), 60);
    });
    const idle = new RawClient(proxy.port);
    const busy = new RawClient(proxy.port);
    busy.send(GET);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const drained = proxy.drain(5000);
    expect(await idle.untilClosed()).toBe('');
    const response = await busy.response();
    expect(response?.body).toBe('late');
    expect(response?.head).toContain('Connection: close');
    expect(await drained).toEqual({ cut: 0 });
  });

  it('cuts exchanges that outlast the grace period', async () => {
    const { proxy } = await setUp({}, () => {});
    const client = new RawClient(proxy.port);
    client.send(GET);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await proxy.drain(30)).toEqual({ cut: 1 });
    expect(await client.untilClosed()).toBe('');
  });
});
