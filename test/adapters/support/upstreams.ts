// Upstreams for proxy tests: one on Node's http parser that records what it parsed, one that answers
// with raw bytes.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
  header(name: string): string | undefined;
}

export interface TestUpstream {
  readonly port: number;
  readonly requests: Recorded[];
  /** Requests that Node's parser refused. */
  readonly parseErrors: string[];
  connections: number;
  close(): Promise<void>;
}

export type Respond = (request: Recorded, response: ServerResponse) => void;

const echo: Respond = (request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end(`${request.method} ${request.url} ${request.body}`);
};

export async function httpUpstream(
  respond: Respond = echo,
  options: { insecureHTTPParser?: boolean } = {},
): Promise<TestUpstream> {
  const requests: Recorded[] = [];
  const parseErrors: string[] = [];
  const server = createServer(options, (message, response) => {
    void record(message).then((request) => {
      if (request === undefined) return;
      requests.push(request);
      respond(request, response);
    });
  });
  server.on('clientError', (error: Error, socket) => {
    if (!('code' in error && error.code === 'ECONNRESET')) parseErrors.push(error.message);
    socket.destroy();
  });
  const upstream: TestUpstream = {
    port: 0,
    requests,
    parseErrors,
    connections: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  server.on('connection', () => {
    upstream.connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(upstream, { port: (server.address() as AddressInfo).port });
}

async function record(message: IncomingMessage): Promise<Recorded | undefined> {
  let body = '';
  try {
    for await (const chunk of message) body += (chunk as Buffer).toString('latin1');
  } catch {
    return undefined;
  }
  const headers = message.rawHeaders;
  return {
    method: message.method ?? '',
    url: message.url ?? '',
    headers,
    body,
    header: (name) => {
      const at = headers.findIndex(
        (text, index) => index % 2 === 0 && text.toLowerCase() === name.toLowerCase(),
      );
      return at === -1 ? undefined : headers[at + 1];
    },
  };
}

/** Calls `serve` with each connection and the bytes of the first read. */
export async function rawUpstream(
  serve: (socket: Socket, received: string) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', (bytes) => serve(socket, bytes.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
