import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBackend, startBackend } from '../../src/ftw/backend.ts';
import { parseResponse, sendRaw } from '../../src/ftw/http-client.ts';
import { createHttpTarget } from '../../src/ftw/over-http.ts';
import { DEFAULT_INPUT } from '../../src/ftw/test-file.ts';

let backend: RunningBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const client = (port: number) => ({ host: '127.0.0.1', port, readTimeoutMs: 500 });

describe('startBackend', () => {
  it('answers any method and target', async () => {
    for (const line of ['GET / HTTP/1.1', 'REALLYLONG <a> HTTP/1.1', '|X * HTTP/1.0']) {
      const { response } = await sendRaw(client(backend.port), `${line}\r\nHost: x\r\n\r\n`);
      expect(response?.status, line).toBe(200);
    }
  });

  it('reads bodies by length and by chunks', async () => {
    const body = '{"status":201,"body":"0\\r\\n\\r\\n"}';
    const sized = `POST /reflect HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect((await sendRaw(client(backend.port), sized)).response).toMatchObject({ status: 201 });
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const chunked = `POST /reflect HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`;
    expect((await sendRaw(client(backend.port), chunked)).response).toMatchObject({ status: 201 });
  });
});

describe('sendRaw', () => {
  it('takes silence, junk and refusal for errors', async () => {
    const silent = createServer(() => {});
    const junk = createServer((socket) => socket.end('hello'));
    const ports: number[] = [];
    for (const server of [silent, junk]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ports.push((server.address() as { port: number }).port);
    }
    for (const port of [...ports, 1]) {
      const answer = await sendRaw(
        { ...client(port), readTimeoutMs: 100 },
        'GET / HTTP/1.1\r\n\r\n',
      );
      expect(answer.response).toBe(undefined);
      expect(answer.error).toBeDefined();
    }
    silent.close();
    junk.close();
  });

  it('passes over interim responses', () => {
    const raw = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n';
    expect(parseResponse(raw)?.status).toBe(204);
  });
});

describe('createHttpTarget', () => {
  it('takes what is logged between its markers', async () => {
    let unread: string[] = ['[id "1"] from before'];
    // Stands for a proxy: logs a marker line or a rule, late, then answers.
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        const marker = /X-CRS-Test: (\S+)/.exec(String(data))?.[1];
        const line =
          marker === undefined ? '[id "942100"] hit' : `[id "999999"] X-CRS-Test ${marker}`;
        setTimeout(() => unread.push(line), 5);
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = createHttpTarget({
      host: '127.0.0.1',
      port: (server.address() as { port: number }).port,
      readLogLines: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const lines = unread;
        unread = [];
        return lines;
      },
      close: () => new Promise((resolve) => server.close(() => resolve())),
    });
    const request = 'GET / HTTP/1.1\r\n\r\n';
    const observation = await target.send({ label: '9-1', request, input: DEFAULT_INPUT });
    await target.close();
    expect(observation).toMatchObject({
      response: { status: 200 },
      loggedIds: [942100],
      logLines: ['[id "942100"] hit'],
    });
  });

  it('says when the log never shows a marker', async () => {
    const target = createHttpTarget({
      host: '127.0.0.1',
      port: backend.port,
      readLogLines: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    });
    const stage = { label: '9-1', request: 'GET / HTTP/1.1\r\n\r\n', input: DEFAULT_INPUT };
    await expect(target.send(stage)).rejects.toThrow();
  });
});
