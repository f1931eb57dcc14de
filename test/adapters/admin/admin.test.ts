import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminServer } from '../../../src/adapters/admin/admin-server.ts';
import { tokenTest } from '../../../src/adapters/admin/admin-token.ts';
import { matchPath } from '../../../src/adapters/admin/dispatch.ts';
import { isLoopback } from '../../../src/adapters/admin/loopback.ts';
import { ROUTES } from '../../../src/adapters/admin/routes.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import { type AdminSetup, type RunningAdmin, runAdmin, TOKEN } from '../support/admin.ts';

const SHOP = `attribution:
  - { from: header, name: X-User }
sources:
  - name: bad range # ticket 12
    action: block
    addresses: 198.51.100.0/24
signatures:
  - name: no debug
    action: testing
    payload: { part: request.path, operator: startsWith, value: /debug }
  - name: a/b
    action: monitor
    severity: high
    payload: { part: request.path, operator: equals, value: /ab }
`;

const open: RunningAdmin[] = [];
afterEach(async () => {
  for (const admin of open.splice(0)) await admin.close();
});

async function admin(setup: AdminSetup = {}, document = SHOP): Promise<RunningAdmin> {
  const running = await runAdmin(document, setup);
  open.push(running);
  return running;
}

const codeOf = (json: unknown): string => (json as { error: { code: string } }).error.code;
const ANY = { 'If-Match': '*' };

describe('the admin API', () => {
  it('answers nothing but /health without the token', async () => {
    const api = await admin();
    for (const { method, path, isOpen } of ROUTES) {
      const target = path.replace(/\{\w+\}/g, '1');
      for (const token of [null, 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
        const { status, json, headers } = await api.ask(method, target, { token });
        if (isOpen === true) expect(status).toBe(200);
        else {
          expect({ path, status, code: codeOf(json) }).toEqual({
            path,
            status: 401,
            code: 'unauthorized',
          });
          expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
        }
      }
    }
    expect(codeOf((await api.ask('GET', '/no/such/path', { token: null })).json)).toBe(
      'unauthorized',
    );
    expect(api.read()).toBe(SHOP);
  });

  it.each([
    ['POST', '/rules/signatures', { name: 'x' }, 'the body has no "rule"', 'rule, file'],
    ['POST', '/actors/block', { user: 'a' }, 'the body has no "for"', '90s'],
    ['POST', '/actors/block', { user: 'a', for: 5 }, '"for" is a number', '5m for minutes'],
    ['POST', '/actors/look', {}, 'the body needs either "user" or "address"', ''],
    ['GET', '/rules?section=signature', undefined, '"section" is "signature"', '"signatures"'],
    ['GET', '/events?limit=x', undefined, '"limit" is no number, expected a number', ''],
  ])('says what is wrong with %s %s %j', async (method, path, body, message, help) => {
    const api = await admin();
    const { status, json } = await api.ask(method, path, { body });
    const { error } = json as { error: { message: string; help: string | null } };
    expect(status).toBe(400);
    expect(error.message).toContain(message);
    expect(error.help ?? '').toContain(help);
  });

  it('says what a path takes', async () => {
    const { status, json, headers } = await (await admin()).ask('GET', '/rules/signatures');
    expect(status).toBe(405);
    expect((json as { error: object }).error).toMatchObject({
      message: '/rules/signatures takes POST, not GET',
    });
    expect(headers.get('allow')).toBe('POST');
  });

  it('never shows the token', async () => {
    const api = await admin();
    for (const path of ['/openapi.json', '/no', '/rules?x=1', '/metrics', '/policy']) {
      expect((await api.ask('GET', path)).text).not.toContain(TOKEN);
    }
  });

  it('is not for pages of other origins', async () => {
    const api = await admin();
    const preflight = await api.ask('OPTIONS', '/rules', {
      headers: { Origin: 'https://evil.test', 'Access-Control-Request-Method': 'GET' },
    });
    expect(preflight.status).toBe(405);
    const { headers } = await api.ask('GET', '/rules', {
      headers: { Origin: 'https://evil.test' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('tells which methods a path has, and which paths there are not', async () => {
    const api = await admin();
    const { status, headers, json } = await api.ask('DELETE', '/rules');
    expect({ status, code: codeOf(json) }).toEqual({ status: 405, code: 'method-not-allowed' });
    expect(headers.get('allow')).toBe('GET');
    expect(codeOf((await api.ask('GET', '/nothing')).json)).toBe('no-route');
  });

  it('lists rules, of one section if asked, and shows one', async () => {
    const api = await admin();
    const all = await api.ask('GET', '/rules');
    expect(all.json).toMatchObject([
      { section: 'sources', name: 'bad range', enabled: true, line: 4 },
      { section: 'signatures', name: 'no debug' },
      { section: 'signatures', name: 'a/b' },
    ]);
    expect((await api.ask('GET', '/rules?section=sources')).json).toHaveLength(1);
    const one = await api.ask('GET', '/rules/signatures/a%2Fb');
    expect(one.json).toMatchObject({ name: 'a/b', rule: { action: 'monitor' } });
    expect(one.headers.get('etag')).toBe(all.headers.get('etag'));
    expect(codeOf((await api.ask('GET', '/rules/signatures/none')).json)).toBe('unknown-rule');
    expect((await api.ask('GET', '/rules?section=rules')).status).toBe(400);
    expect((await api.ask('GET', '/rules?nothing=1')).status).toBe(400);
  });

  it('changes what runs, and the document with its comments', async () => {
    const api = await admin();
    const record = {
      method: 'GET',
      uri: '/',
      headers: [],
      client: { address: '198.51.100.7', port: 1 },
    };
    expect(api.waf.inspect(record).decision.row).toBe('ip-block');
    const off = await api.ask('POST', '/rules/sources/bad%20range/disable?by=ann&message=why');
    expect(off.status).toBe(200);
    expect(off.json).toMatchObject({ revision: 2, inForce: true, problem: null });
    expect(api.waf.inspect(record).decision.row).toBe('fallback');
    expect(api.read()).toBe(SHOP.replace('12\n', '12\n    enabled: false\n'));
    const on = await api.ask('POST', '/rules/sources/bad%20range/enable');
    expect(on.json).toMatchObject({ revision: 3, rule: 'sources/bad range' });
    expect(api.waf.inspect(record).decision.row).toBe('ip-block');
    const list = await api.ask('GET', '/revisions?limit=2');
    expect(list.json).toMatchObject([{ id: 3 }, { id: 2, who: 'ann', message: 'why' }]);
  });

  it('makes, clones, replaces, edits and deletes rules', async () => {
    const api = await admin();
    const rule = { name: 'new', action: 'monitor', regions: ['KP'] };
    expect((await api.ask('POST', '/rules/sources', { body: { rule } })).status).toBe(201);
    const clone = await api.ask('POST', '/rules/sources/new/clone', { body: { name: 'newer' } });
    expect(clone).toMatchObject({ status: 201, json: { rule: 'sources/newer' } });
    const set = [{ path: 'regions', value: ['KP', 'IR'] }];
    const path = '/rules/sources/newer';
    expect((await api.ask('PATCH', path, { body: { set }, headers: ANY })).status).toBe(200);
    const shown = await api.ask('GET', path);
    expect(shown.json).toMatchObject({ rule: { regions: ['KP', 'IR'] } });
    const next = { name: 'newest', action: 'monitor', regions: ['KP'] };
    expect((await api.ask('PUT', path, { body: { rule: next }, headers: ANY })).status).toBe(200);
    const gone = await api.ask('DELETE', '/rules/sources/new', { headers: ANY });
    expect(gone.status).toBe(200);
    const names = (await api.ask('GET', '/rules?section=sources')).json as { name: string }[];
    expect(names.map(({ name }) => name)).toEqual(['bad range', 'newest']);
  });

  it('refuses a change that breaks the document, whole, with the places', async () => {
    const api = await admin();
    const set = [
      { path: 'severity', value: 'high' },
      { path: 'addresses', value: 'nowhere' },
    ];
    const { status, json } = await api.ask('PATCH', '/rules/sources/bad%20range', {
      body: { set },
      headers: ANY,
    });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      error: { code: 'invalid-document' },
      errors: 1,
      diagnostics: [{ code: 'policy-wrong-value' }],
    });
    expect(api.read()).toBe(SHOP);
    const taken = await api.ask('POST', '/rules/signatures/no%20debug/clone', {
      body: { name: 'a/b' },
    });
    expect({ status: taken.status, code: codeOf(taken.json) }).toEqual({
      status: 409,
      code: 'name-taken',
    });
    const wrong = { body: { rule: { name: 'x' } } };
    expect(codeOf((await api.ask('POST', '/rules/rules', wrong)).json)).toBe('unknown-section');
  });

  it('checks a change and writes nothing in a dry run', async () => {
    const api = await admin();
    const { json } = await api.ask('POST', '/rules/sources/bad%20range/disable?dryRun=true');
    expect(json).toMatchObject({ revision: null, inForce: false });
    expect((json as { diff: string }).diff).toContain('+    enabled: false');
    expect(api.read()).toBe(SHOP);
  });

  it('takes no names that could move the cursor of who reads the revisions', async () => {
    const api = await admin();
    const { status, json } = await api.ask('POST', '/rules/sources/bad%20range/disable?by=%1b[2J');
    expect({ status, code: codeOf(json) }).toEqual({ status: 400, code: 'bad-query' });
    expect(api.read()).toBe(SHOP);
  });

  it('does not let one editor overwrite another', async () => {
    const api = await admin();
    const path = '/rules/sources/bad%20range';
    const seen = (await api.ask('GET', path)).headers.get('etag') ?? '';
    const ask = (headers: Readonly<Record<string, string>>, value: string) =>
      api.ask('PATCH', path, { body: { set: [{ path: 'description', value }] }, headers });
    const first = await ask({ 'If-Match': seen }, 'mine');
    expect(first.status).toBe(200);
    const late = await ask({ 'If-Match': seen }, 'theirs');
    expect({ status: late.status, code: codeOf(late.json) }).toEqual({
      status: 412,
      code: 'conflict',
    });
    expect(api.read()).toContain('description: mine');
    const missing = await ask({}, 'theirs');
    expect({ status: missing.status, code: codeOf(missing.json) }).toEqual({
      status: 428,
      code: 'precondition-required',
    });
    expect((await ask({ 'If-Match': 'x' }, 'theirs')).status).toBe(400);
    expect((await ask({ 'If-Match': `W/${seen}` }, 'theirs')).status).toBe(400);
    const tag = first.headers.get('etag') ?? '';
    expect((await ask({ 'If-Match': tag }, 'theirs')).status).toBe(200);
    const stale = await api.ask('POST', `${path}/disable`, { headers: { 'If-Match': tag } });
    expect(stale.status).toBe(412);
  });

  it('notices a change by hand as another version', async () => {
    const api = await admin();
    const tag = (await api.ask('GET', '/policy')).headers.get('etag') ?? '';
    api.write(`${SHOP}# by hand\n`);
    const { status } = await api.ask('DELETE', '/rules/sources/bad%20range', {
      headers: { 'If-Match': tag },
    });
    expect(status).toBe(412);
  });

  it('shows revisions, compares them, and goes back', async () => {
    const api = await admin();
    await api.ask('POST', '/rules/sources/bad%20range/disable');
    const one = await api.ask('GET', '/revisions/2');
    expect(one.json).toMatchObject({ id: 2, files: [{ name: 'shop.yaml', before: SHOP }] });
    const { json } = await api.ask('GET', '/revisions/1/diff?to=2');
    expect((json as { diff: string }).diff).toMatch(/^\+ {4}enabled: false$/m);
    const back = await api.ask('POST', '/revisions/1/rollback', { headers: ANY });
    expect(back.json).toMatchObject({ revision: 3, inForce: true });
    expect(api.read()).toBe(SHOP);
    expect((await api.ask('GET', '/revisions/9')).status).toBe(404);
    expect((await api.ask('GET', '/revisions/x/diff')).status).toBe(404);
    expect((await api.ask('POST', '/revisions/9/rollback', { headers: ANY })).status).toBe(404);
  });

  it('says when a change is written and cannot be put in force', async () => {
    const api = await admin({
      putInForce: () => {
        throw new Error('no room for the events');
      },
    });
    const { status, json } = await api.ask('POST', '/rules/sources/bad%20range/disable');
    expect(status).toBe(200);
    expect(json).toMatchObject({ revision: 2, inForce: false, problem: 'no room for the events' });
  });

  it('checks documents, and says them in words', async () => {
    const api = await admin();
    const own = await api.ask('POST', '/policy/check', { body: {} });
    expect(own.json).toMatchObject({ errors: 0 });
    const files = [{ name: 'x.yaml', text: 'sources: 7\n' }];
    const bad = await api.ask('POST', '/policy/check', { body: { files } });
    expect(bad.json).toMatchObject({ errors: 1, diagnostics: [{ file: 'x.yaml', line: 1 }] });
    const words = (await api.ask('GET', '/policy/explain')).json as { name: string }[];
    expect(words.map(({ name }) => name)).toContain('bad range');
    const schema = await api.ask('GET', '/policy/schema');
    expect(schema.json).toHaveProperty('properties.signatures');
  });

  it('tells why an exchange is blocked, without counting it', async () => {
    const api = await admin();
    const exchange = { method: 'GET', uri: '/?q=attack', headers: [['Host', 'shop.test']] };
    const { json } = await api.ask('POST', '/policy/explain', { body: { exchange } });
    expect(json).toMatchObject({ effect: 'block', row: 'signature-block', status: 403 });
    expect((json as { trace: object[] }).trace.at(-1)).toMatchObject({ applies: true });
    expect((await api.ask('GET', '/events')).json).toEqual([]);
    const bad = await api.ask('POST', '/policy/explain', { body: { exchange: { uri: 7 } } });
    expect({ status: bad.status, code: codeOf(bad.json) }).toEqual({
      status: 422,
      code: 'bad-body',
    });
  });

  it('checks submissions against the rules in force', async () => {
    const api = await admin();
    const text = 'SecRule ARGS "@rx a" "id:10,phase:2,deny"';
    const taken = await api.ask('POST', '/submissions/check', { body: { text } });
    expect(taken.json).toMatchObject({ errors: 1, diagnostics: [{ code: 'id-taken', line: 1 }] });
    const replacing = await api.ask('POST', '/submissions/check', { body: { text, replaces: 10 } });
    expect(replacing.json).toMatchObject({ errors: 0 });
  });

  it('shows the latest events, filtered', async () => {
    const api = await admin();
    for (const uri of ['/debug', '/ab', '/debug/2', '/']) {
      api.waf.inspect({ method: 'GET', uri, headers: [] });
    }
    const rulesOf = async (query: string): Promise<readonly string[]> =>
      ((await api.ask('GET', `/events${query}`)).json as { rule: string }[]).map(
        ({ rule }) => rule,
      );
    expect(await rulesOf('')).toEqual(['no debug', 'a/b', 'no debug']);
    expect(await rulesOf('?status=testing')).toEqual(['no debug', 'no debug']);
    expect(await rulesOf('?severity=medium')).toEqual(['a/b']);
    expect(await rulesOf('?kind=source')).toEqual([]);
    expect(await rulesOf('?limit=1&after=1')).toEqual(['no debug']);
    expect(await rulesOf('?after=3')).toEqual([]);
    expect((await api.ask('GET', '/events?kind=nothing')).status).toBe(400);
    expect((await api.ask('GET', '/events?limit=100000')).status).toBe(400);
    for (let at = 0; at < 60; at++) {
      api.waf.inspect({ method: 'GET', uri: '/ab', headers: [] });
    }
    expect(await rulesOf('?limit=1000')).toHaveLength(50);
  });

  it('blocks, allows and lets go of users and addresses', async () => {
    const api = await admin();
    const from = (user: string | undefined, address = '203.0.113.5') =>
      api.waf.inspect({
        method: 'GET',
        uri: '/',
        headers: user === undefined ? [] : [['X-User', user]],
        client: { address, port: 1 },
      }).decision.row;
    const ask = (what: string, body: object) => api.ask('POST', `/actors/${what}`, { body });
    expect(from('ann')).toBe('fallback');
    const blocked = await ask('block', { user: 'ann', for: '1h', reason: 'fraud' });
    expect(blocked.status).toBe(200);
    expect(blocked.json).toMatchObject([
      { kind: 'verified', blocked: 'suspended by fraud' },
      { kind: 'claimed', blocked: 'suspended by fraud' },
    ]);
    expect(from('ann')).toBe('actor-block');
    expect(from('bob', '203.0.113.6')).toBe('fallback');
    // Whoever uses the address of a blocked actor is blocked with it.
    expect(from(undefined)).toBe('actor-block');
    await ask('unblock', { user: 'ann' });
    expect(from('ann')).toBe('fallback');
    await ask('block', { address: '203.0.113.9', for: 'forever' });
    expect(from(undefined, '203.0.113.9')).toBe('actor-block');
    const looked = await ask('look', { address: '203.0.113.9' });
    expect(looked.json).toMatchObject([{ kind: 'address', blockedUntil: 'forever' }]);
    await ask('unblock', { address: '203.0.113.9' });
    expect(from(undefined, '203.0.113.9')).toBe('fallback');
    await ask('allow', { address: '198.51.100.7', for: '5m' });
    expect(from(undefined, '198.51.100.7')).toBe('actor-allow');
    await ask('disallow', { address: '198.51.100.7' });
    expect(from(undefined, '198.51.100.7')).toBe('ip-block');
  });

  it('does not allow who only claims to be a user, unless it is asked to', async () => {
    const api = await admin();
    const from = () =>
      api.waf.inspect({
        method: 'GET',
        uri: '/',
        headers: [['X-User', 'ann']],
        client: { address: '198.51.100.7', port: 1 },
      }).decision.row;
    await api.ask('POST', '/actors/allow', { body: { user: 'ann', for: '1h' } });
    expect(from()).toBe('ip-block');
    await api.ask('POST', '/actors/allow', { body: { user: 'ann', for: '1h', claimed: true } });
    expect(from()).toBe('actor-allow');
  });

  it('refuses to guess who is meant', async () => {
    const api = await admin();
    for (const body of [
      {},
      { user: 'a', address: '192.0.2.1' },
      { address: 'x' },
      { users: 'a' },
    ]) {
      const { status, json } = await api.ask('POST', '/actors/look', { body });
      expect({ status, code: codeOf(json) }).toEqual({ status: 400, code: 'bad-body' });
    }
    expect((await api.ask('POST', '/actors/block', { body: { user: 'a' } })).status).toBe(400);
    const soon = { user: 'a', for: 'soon' };
    expect((await api.ask('POST', '/actors/block', { body: soon })).status).toBe(400);
  });

  it('tells when the state store does not answer', async () => {
    const store = memoryStore();
    const api = await admin({
      store: {
        ...store,
        run: () => {
          throw new Error('down');
        },
      },
    });
    const { status, json } = await api.ask('POST', '/actors/look', { body: { user: 'a' } });
    expect({ status, code: codeOf(json) }).toEqual({ status: 503, code: 'store-unavailable' });
    expect(api.faults).toEqual([]);
  });

  it('gives metrics as Prometheus reads them', async () => {
    const api = await admin();
    api.waf.inspect({ method: 'GET', uri: '/debug', headers: [] });
    const { status, headers, text } = await api.ask('GET', '/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('version=0.0.4');
    expect(text).toContain('portcullis_decisions_total{row="fallback",effect="allow"} 1\n');
    expect(text).toContain('portcullis_info{version="1.2.3"} 1\n');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{[^}]*\})? [-+.\w]+)$/);
    }
  });

  it('says that there is no policy where there is none', async () => {
    const api = await admin({ withoutPolicy: true });
    for (const path of ['/rules', '/policy', '/revisions']) {
      expect(codeOf((await api.ask('GET', path)).json)).toBe('no-policy');
    }
    const { json } = await api.ask('POST', '/actors/look', { body: { user: 'a' } });
    expect(codeOf(json)).toBe('no-policy');
    expect((await api.ask('GET', '/metrics')).status).toBe(200);
  });

  it.each<[string, unknown, Record<string, string>, number, string]>([
    ['what is no JSON', '{', {}, 400, 'bad-body'],
    ['what is no UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d]), {}, 400, 'bad-body'],
    ['another type', '{}', { 'Content-Type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['no object', [], {}, 400, 'bad-body'],
    ['unknown fields', { rule: {}, extra: 1 }, {}, 400, 'bad-body'],
    ['a rule that is none', { rule: 'x' }, {}, 400, 'bad-body'],
    ['too much', { rule: { name: 'x'.repeat(5000) } }, {}, 413, 'body-too-large'],
  ])('refuses a body of %s', async (_what, body, headers, status, code) => {
    const api = await admin({ maxBodyBytes: 4000 });
    const reply = await api.ask('POST', '/rules/sources', { body, headers });
    expect({ status: reply.status, code: codeOf(reply.json) }).toEqual({ status, code });
    expect(api.faults).toEqual([]);
  });

  it('bounds bodies that do not say how long they are', async () => {
    const api = await admin({ maxBodyBytes: 4000 });
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(api.port, '127.0.0.1');
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
        if (text.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => {});
      socket.write(
        `POST /policy/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (let at = 0; at < 20; at++) socket.write(`400\r\n${'x'.repeat(1024)}\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers 500 and no more when it fails itself', async () => {
    const fault = new Error('secret details');
    const api = await admin({
      metrics: () => {
        throw fault;
      },
    });
    const { status, json, text } = await api.ask('GET', '/metrics');
    expect({ status, code: codeOf(json) }).toEqual({ status: 500, code: 'internal' });
    expect(text).not.toContain('secret');
    expect(api.faults).toEqual([fault]);
  });
});

describe('the OpenAPI document', () => {
  it('describes exactly the routes that are dispatched', async () => {
    const api = await admin();
    const { json } = await api.ask('GET', '/openapi.json');
    const { openapi, info, paths, components } = json as {
      openapi: string;
      info: { version: string };
      paths: Record<string, Record<string, { operationId: string; security?: unknown[] }>>;
      components: { securitySchemes: object };
    };
    expect(openapi).toMatch(/^3\.1\./);
    expect(info.version).toBe('1.2.3');
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`,
      ),
    );
    expect(described.sort()).toEqual(
      ROUTES.map(({ method, path, id }) => `${method} ${path} ${id}`).sort(),
    );
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
    expect(components.securitySchemes).toHaveProperty('token');
    expect(paths['/health']?.['get']?.security).toEqual([]);
    expect(paths['/rules']?.['get']?.security).toBeUndefined();
  });

  it('describes every status that routes answer with, and every parameter', async () => {
    const api = await admin();
    const { json } = await api.ask('GET', '/openapi.json');
    const at = (path: string, method: string): Record<string, unknown> =>
      (json as { paths: Record<string, Record<string, Record<string, unknown>>> }).paths[path]?.[
        method
      ] ?? {};
    const edit = at('/rules/{section}/{name}', 'patch');
    expect(Object.keys(edit['responses'] as object).sort()).toEqual(
      ['200', '400', '401', '404', '409', '412', '413', '415', '422', '428'].sort(),
    );
    expect(edit['parameters']).toMatchObject([
      { name: 'section', in: 'path', required: true },
      { name: 'name', in: 'path', required: true },
      { name: 'by', in: 'query', required: false },
      { name: 'message', in: 'query' },
      { name: 'dryRun', in: 'query' },
      { name: 'If-Match', in: 'header', required: true },
    ]);
    expect(edit).toHaveProperty('requestBody.content.application/json.schema.properties.set');
  });
});

describe('matchPath', () => {
  it('decodes parameters and takes no empty ones', () => {
    const path = '/rules/{section}/{name}';
    expect(matchPath(path, '/rules/a/b%2Fc%20d')).toEqual({ section: 'a', name: 'b/c d' });
    expect(matchPath(path, '/rules/a/')).toBeUndefined();
    expect(matchPath(path, '/rules/a')).toBeUndefined();
    expect(matchPath(path, '/rules/a/b/c')).toBeUndefined();
    expect(matchPath(path, '/rules/a/%zz')).toBeUndefined();
  });
});

describe('tokenTest', () => {
  it('takes the token as a bearer token and nothing else', () => {
    const test = tokenTest(TOKEN);
    expect(test(`Bearer ${TOKEN}`)).toBe(true);
    expect(test(`bearer ${TOKEN}`)).toBe(true);
    for (const field of [undefined, '', TOKEN, `Basic ${TOKEN}`, 'Bearer', `Bearer ${TOKEN} x`]) {
      expect(test(field)).toBe(false);
    }
  });

  it('takes no token that could be guessed', () => {
    expect(() => tokenTest('short')).toThrow(RangeError);
    const context = {} as never;
    expect(() => createAdminServer({ token: '', context, onError: () => {} })).toThrow(RangeError);
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['admin.test', false],
    ['', false],
  ])('of %j is %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
