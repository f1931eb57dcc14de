import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type Listener, protect } from '../../src/adapters/node-http.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy } from '../../src/waf/policy.ts';

const CARD = '4111 1111 1111 1111';
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function ask(action: string, listener: Listener, method = 'GET'): Promise<Got> {
  const policy = definePolicy({
    internalAddresses: { blockSources: true },
    dataLossPrevention: [{ name: 'cards', kind: 'request', action, data: 'payment-card' }],
  });
  const server = createServer(protect(createWaf({ rules: '', policy }), listener));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ port, method, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('data loss prevention over HTTP', () => {
  it('blocks a card, wherever in a long answer it stands, and however it is packed', async () => {
    const answers: readonly Listener[] = [
      (_, response) => response.end(`card ${CARD} `),
      (_, response) => {
        response.write('x'.repeat(3_000_000));
        response.end(` card ${CARD} `);
      },
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip');
        response.end(gzipSync(`card ${CARD} `));
      },
      (_, response) => {
        response.writeHead(206, { 'Content-Range': 'bytes 0-9/19' });
        response.end(CARD.slice(0, 10));
      },
    ];
    for (const listener of answers) {
      const { status, body } = await ask('block', listener);
      expect(status).toBe(403);
      expect(body).not.toContain('4111');
    }
  });

  it('replaces a card in an answer of any length, and blocks what it cannot read', async () => {
    const long = await ask('redact', (_, response) => {
      response.write('x'.repeat(3_000_000));
      response.end(` card ${CARD} `);
    });
    expect(long.status).toBe(200);
    expect(long.body).not.toContain(CARD);
    expect(long.body.length).toBeGreaterThan(3_000_000);
    const packed = await ask('redact', (_, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.end(gzipSync(`card ${CARD} `));
    });
    expect(packed.status).toBe(500);
  });

  it('leaves pictures, and answers without a body, as they are', async () => {
    const picture = await ask('block', (_, response) => {
      response.setHeader('Content-Type', 'image/png');
      response.setHeader('ETag', '"a"');
      response.end('x'.repeat(2_000_000));
    });
    expect(picture).toMatchObject({ status: 200, headers: { etag: '"a"' } });
    expect(picture.body).toHaveLength(2_000_000);
    for (const action of ['block', 'redact']) {
      const head = await ask(
        action,
        (_, response) => {
          response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': '1000' });
          response.end();
        },
        'HEAD',
      );
      expect(head.status).toBe(200);
      const none = await ask(action, (_, response) => {
        response.writeHead(304, { 'Content-Encoding': 'gzip' });
        response.end();
      });
      expect(none.status).toBe(304);
    }
  });
});
