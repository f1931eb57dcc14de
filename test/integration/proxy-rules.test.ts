// The proxy with real rules: bodies decoded, limits applied, evidence reported.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';
import { once } from '../adapters/support/raw-client.ts';
import { type RunningProxy, runProxy } from '../adapters/support/running-proxy.ts';
import { httpUpstream, type TestUpstream } from '../adapters/support/upstreams.ts';

const RULES = `
SecRuleEngine On
SecRequestBodyAccess On
SecRequestBodyLimit 100000
SecRequestBodyNoFilesLimit 100000
SecRequestBodyLimitAction Reject
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain
SecResponseBodyLimit 1000
SecResponseBodyLimitAction ProcessPartial
SecRule REQUEST_HEADERS:Content-Type "@beginsWith application/json" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule ARGS|REQUEST_URI "@contains attack" "id:2,phase:2,deny,status:403,log,msg:'attack'"
SecRule REQUEST_METHOD "!@within GET POST HEAD" "id:3,phase:1,deny,status:405,log,msg:'method'"
SecRule REQUEST_HEADERS:X-Drop "@streq yes" "id:4,phase:1,drop,log,msg:'drop'"
SecRule ARGS:to "@rx ." "id:5,phase:2,redirect:'https://a.test/%{ARGS.to}',log,msg:'redirect'"
SecRule RESPONSE_BODY "@contains secret" "id:6,phase:4,deny,status:500,log,msg:'leak'"
SecRule RESPONSE_STATUS "@streq 418" "id:7,phase:3,deny,status:502,log,msg:'status'"
SecRule REQUEST_LINE "@contains odd" "id:8,phase:1,pass,log,msg:'odd line'"
`;

describe('the proxy with rules', () => {
  let upstream: TestUpstream;
  let proxy: RunningProxy;

  beforeAll(async () => {
    upstream = await httpUpstream((request, response) => {
      if (request.url === '/teapot') response.statusCode = 418;
      response.setHeader('Content-Type', 'text/plain');
      if (request.url === '/leak') response.end('the secret');
      else if (request.url === '/late-leak') response.end(`${'x'.repeat(5000)}secret`);
      else response.end(`${request.method} ${request.body.length}`);
    });
    const source = createWaf({ rules: RULES });
    proxy = await runProxy(upstream.port, {
      source,
      requestHold: { bytes: 200_000, beyond: 'block' },
      responseHold: { bytes: 1000, beyond: 'stream' },
    });
  });

  afterAll(async () => {
    await proxy.close();
    await upstream.close();
  });

  const send = async (bytes: string): Promise<{ status: number | undefined; body: string }> => {
    upstream.requests.length = 0;
    proxy.reports.length = 0;
    const response = await once(proxy.port, bytes);
    return { status: response?.status, body: response?.body ?? '' };
  };
  const get = (target: string, lines = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
  const post = (body: string, lines = ''): string =>
    `POST / HTTP/1.1\r\nHost: a\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body}`;

  it.each([
    ['a target', get('/?q=attack'), 403],
    ['an encoded argument', get('/?q=%61ttack'), 403],
    ['a form', post('q=att%61ck', 'Content-Type: application/x-www-form-urlencoded\r\n'), 403],
    ['JSON', post('{"a":["att\\u0061ck"]}', 'Content-Type: application/json\r\n'), 403],
    ['a method', 'PUT / HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    ['a body over the limit', post('x'.repeat(150_000)), 413],
  ])('blocks %s before the upstream sees anything', async (_name, bytes, status) => {
    expect((await send(bytes)).status).toBe(status);
    expect(upstream.requests).toHaveLength(0);
    expect(proxy.reports[0]?.result).toBe('blocked');
  });

  it.each([
    ['a leak', '/leak', 500],
    ['a status', '/teapot', 502],
  ])('blocks %s in a response', async (_name, target, status) => {
    const response = await send(get(target));
    expect(response.status).toBe(status);
    expect(response.body).not.toContain('secret');
  });

  it('passes what lies beyond the inspected part of a response', async () => {
    const response = await send(get('/late-leak'));
    expect(response.status).toBe(200);
    expect(response.body).toHaveLength(5006);
  });

  it('closes on drop and redirects on redirect', async () => {
    expect((await send(get('/', 'X-Drop: yes\r\n'))).status).toBeUndefined();
    expect((await send(get('/?to=x'))).status).toBe(302);
  });

  it('passes bodies just under the limit', async () => {
    expect((await send(post('x'.repeat(99_000)))).body).toBe('POST 99000');
  });

  it('lets rules log what the front end refuses', async () => {
    expect((await send('GET /odd line HTTP/1.1\r\nHost: a\r\n\r\n')).status).toBe(400);
    expect(proxy.reports[0]).toMatchObject({ result: 'refused', reason: 'bad-request-line' });
    expect(proxy.reports[0]?.verdict?.matches.map(({ rule }) => rule.id)).toEqual([8]);
  });

  it('reports the rule, the message and the decision', async () => {
    await send(get('/?q=attack'));
    expect(proxy.reports[0]).toMatchObject({
      status: 403,
      reason: 'signature-block',
      decision: { row: 'signature-block', interruption: { rule: 2, phase: 2 } },
      verdict: { matches: [{ rule: { id: 2 }, message: 'attack' }] },
    });
    expect(proxy.faults).toEqual([]);
  });
});
