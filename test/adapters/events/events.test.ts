import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openEventSinks } from '../../../src/adapters/events/event-sinks.ts';
import { networkOf, publicEvent } from '../../../src/adapters/events/public-event.ts';
import { type WebhookOptions, webhookSink } from '../../../src/adapters/events/webhook-sink.ts';
import type { PolicyEvent } from '../../../src/model/policy-event.ts';
import type { EventSinks } from '../../../src/policy/document/event-sinks.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-events-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const event = (parts: Partial<PolicyEvent> = {}): PolicyEvent => ({
  time: Date.parse('2026-01-02T03:04:05.678Z'),
  id: 'x1',
  kind: 'signature',
  rule: 'no debug',
  row: 'custom-signature-block',
  severity: 'low',
  status: 'active',
  actor: 'actor-0123456789ab',
  source: '203.0.113.77',
  endpoint: 'GET /a',
  evidence: 'address 203.0.113.77',
  action: 'block',
  effect: 'block',
  ...parts,
});

const SINKS: EventSinks = { stdout: false, testing: true, maskAddresses: false };

describe('publicEvent', () => {
  it('keeps what tells the event, and null where there is nothing', () => {
    expect(publicEvent(event({ row: undefined, actor: undefined }))).toEqual({
      ...event(),
      time: '2026-01-02T03:04:05.678Z',
      row: null,
      actor: null,
    });
  });

  it('cuts addresses to their network when asked, in the evidence too', () => {
    const masked = publicEvent(event(), { maskAddresses: true });
    expect(masked).toMatchObject({ source: '203.0.113.0/24', evidence: 'address 203.0.113.0/24' });
    expect(networkOf('2001:db8:1:2::3')).toBe('2001:db8:1::/48');
    expect(networkOf('')).toBe('');
  });

  it.each([
    ['POST /users/ann@shop.test/orders', 'POST /users/{}/orders'],
    ['GET /reset/ann%40shop.test', 'GET /reset/{}'],
    ['GET /s/eyJhbGciOiJIUzI1NiJ9.e30.abc-DEF_1', 'GET /s/{}'],
    ['GET /products/{id}/a-name-in-plain-words', 'GET /products/{id}/a-name-in-plain-words'],
  ])('shows the endpoint %s as %s', (endpoint, shown) => {
    expect(publicEvent(event({ endpoint })).endpoint).toBe(shown);
  });

  it('shows bytes of paths as text, and the names of rules as they are', () => {
    const told = publicEvent(event({ endpoint: 'GET /caf\xc3\xa9', rule: 'caf\xe9 \u2014 x' }));
    expect(told).toMatchObject({ endpoint: 'GET /caf\xe9', rule: 'caf\xe9 \u2014 x' });
  });
});

describe('openEventSinks', () => {
  const open = (lines: string[], errors: unknown[] = []): ReturnType<typeof openEventSinks> =>
    openEventSinks({
      stdout: (line) => lines.push(line),
      onError: (error) => errors.push(error),
      environment: { TOKEN: 'secret' },
    });

  it('writes nothing before a policy asks for it', () => {
    const lines: string[] = [];
    open(lines).tell(event());
    expect(lines).toEqual([]);
  });

  it('leaves out what is below the least severity, and testing when asked', () => {
    const lines: string[] = [];
    const sinks = open(lines);
    sinks.use({ ...SINKS, stdout: true, leastSeverity: 'high', testing: false }, undefined);
    sinks.tell(event({ severity: 'medium' }));
    sinks.tell(event({ severity: 'critical', status: 'testing' }));
    sinks.tell(event({ severity: 'high', id: 'this' }));
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['this']);
  });

  it('appends lines of JSON to a file beside the document, for owner and group', async () => {
    const sinks = open([]);
    sinks.use({ ...SINKS, file: 'events.jsonl' }, join(FOLDER, 'shop.yaml'));
    const path = join(FOLDER, 'events.jsonl');
    sinks.tell(event({ rule: 'caf\xe9' }));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    renameSync(path, `${path}.1`);
    sinks.tell(event({ id: 'moved' }));
    sinks.reopen();
    sinks.tell(event({ id: 'new' }));
    await sinks.close();
    const ids = (name: string): string[] =>
      readFileSync(name, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids(`${path}.1`)).toEqual(['x1', 'moved']);
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('"rule":"caf\xe9"');
    expect(ids(path)).toEqual(['new']);
  });

  it('keeps the sinks that are asked for again, and their counts', () => {
    const lines: string[] = [];
    const sinks = open(lines);
    sinks.use({ ...SINKS, stdout: true }, undefined);
    sinks.tell(event());
    sinks.use({ ...SINKS, stdout: true, leastSeverity: 'low' }, undefined);
    sinks.tell(event());
    expect(sinks.sinks.map(({ counters }) => counters.written)).toEqual([2]);
    sinks.use(undefined, undefined);
    sinks.tell(event());
    expect(lines).toHaveLength(2);
  });

  it('refuses sinks that cannot be opened, and keeps those that are open', () => {
    const lines: string[] = [];
    const sinks = open(lines);
    sinks.use({ ...SINKS, stdout: true }, undefined);
    expect(() => sinks.use({ ...SINKS, file: '/no/such/folder/x' }, undefined)).toThrow();
    const webhook = { url: 'http://127.0.0.1:1/', tokenEnv: 'ABSENT' };
    expect(() => sinks.use({ ...SINKS, webhook }, undefined)).toThrow(/ABSENT/);
    sinks.tell(event());
    expect(lines).toHaveLength(1);
  });

  it('counts what cannot be written and goes on', () => {
    const errors: unknown[] = [];
    const sinks = openEventSinks({
      stdout: () => {
        throw new Error('full');
      },
      onError: (error) => errors.push(error),
    });
    sinks.use({ ...SINKS, stdout: true }, undefined);
    sinks.tell(event());
    expect(errors).toHaveLength(1);
    expect(sinks.sinks[0]?.counters).toEqual({ written: 0, dropped: 1 });
  });
});

interface Received {
  readonly authorization: string | undefined;
  readonly ids: readonly string[];
}

describe('webhookSink', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** `answers`: statuses in the order of requests; the last one stays. */
  async function receiver(
    answers: readonly number[],
  ): Promise<{ url: string; received: Received[]; seen: () => number }> {
    const received: Received[] = [];
    let at = 0;
    server = createServer((request, response) => {
      void body(request).then((text) => {
        const status = answers[Math.min(at++, answers.length - 1)] ?? 200;
        if (status === 200) {
          const { events } = JSON.parse(text) as { events: { id: string }[] };
          const { authorization } = request.headers;
          received.push({ authorization, ids: events.map(({ id }) => id) });
        }
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/hook`, received, seen: () => at };
  }

  async function body(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }

  const QUICK = { batchMs: 5, retryMs: 5, closeMs: 2000 } as const;
  const sinkTo = (url: string, errors: unknown[], more: Partial<WebhookOptions> = {}) =>
    webhookSink({ ...QUICK, url, onError: (error) => errors.push(error), ...more });
  const tell = (sink: ReturnType<typeof webhookSink>, count: number): void => {
    for (let id = 0; id < count; id++) sink.write(publicEvent(event({ id: String(id) })));
  };

  it('sends events in order, in batches, with the token', async () => {
    const { url, received } = await receiver([200]);
    const sink = sinkTo(url, [], { maxBatch: 4, token: 'secret' });
    tell(sink, 10);
    await sink.close();
    expect(received.flatMap(({ ids }) => ids)).toEqual([...Array(10).keys()].map(String));
    expect(Math.max(...received.map(({ ids }) => ids.length))).toBe(4);
    expect(new Set(received.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer secret']),
    );
    expect(sink.counters).toEqual({ written: 10, dropped: 0 });
  });

  it('tries again when the service is in trouble', async () => {
    const { url, received, seen } = await receiver([503, 429, 200]);
    const errors: unknown[] = [];
    const sink = sinkTo(url, errors);
    tell(sink, 2);
    await sink.close();
    expect(seen()).toBe(3);
    expect(received).toMatchObject([{ ids: ['0', '1'] }]);
    expect(errors).toEqual([]);
  });

  it('drops and counts what is refused for good, and goes on with the rest', async () => {
    const { url, received, seen } = await receiver([400, 200]);
    const errors: unknown[] = [];
    const sink = sinkTo(url, errors, { maxBatch: 1 });
    tell(sink, 2);
    await sink.close();
    expect(seen()).toBe(2);
    expect(received).toMatchObject([{ ids: ['1'] }]);
    expect(errors).toHaveLength(1);
    expect(sink.counters).toEqual({ written: 1, dropped: 1 });
  });

  it('gives up after all attempts', async () => {
    const { url, seen } = await receiver([500]);
    const errors: unknown[] = [];
    const sink = sinkTo(url, errors, { maxAttempts: 3 });
    tell(sink, 1);
    await sink.close();
    expect(seen()).toBe(3);
    expect(sink.counters).toEqual({ written: 0, dropped: 1 });
    expect(errors).toHaveLength(1);
  });

  it('keeps a bounded queue while nobody listens, and counts the rest', async () => {
    const errors: unknown[] = [];
    const sink = sinkTo('http://127.0.0.1:9/', errors, {
      maxQueue: 5,
      maxBatch: 1,
      retryMs: 60_000,
      closeMs: 20,
    });
    tell(sink, 100);
    expect(sink.counters.dropped).toBe(94);
    expect(errors).toHaveLength(1);
    await sink.close();
    expect(sink.counters).toEqual({ written: 0, dropped: 100 });
  });
});
