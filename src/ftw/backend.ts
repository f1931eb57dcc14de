// The server behind the proxy while tests run over HTTP: reflect.ts behind a socket.
//
// It takes any method and any target, since the proxy in front is what is being tested.

import { createServer, type Server, type Socket } from 'node:net';
import { type ByteString, fromByteString, toByteString } from '../base/bytes.ts';
import { decodeChunked } from '../http/chunked.ts';
import { readRequest } from '../http/message.ts';
import { type Backend, type BackendResponse, createBackend } from './reflect.ts';

export interface RunningBackend {
  readonly port: number;
  readonly backend: Backend;
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

export async function startBackend(host = '127.0.0.1'): Promise<RunningBackend> {
  const backend = createBackend();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, backend);
  });
  const port = await listen(server, host);
  return {
    port,
    backend,
    close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function serve(socket: Socket, backend: Backend): void {
  let received = '';
  socket.on('data', (chunk) => {
    received += toByteString(chunk);
    if (received.length > MAX_REQUEST_BYTES) socket.destroy();
    for (let end = requestEnd(received); end !== undefined; end = requestEnd(received)) {
      const request = readRequest(received.slice(0, end));
      received = received.slice(end);
      const { method, uri, body } = request;
      const closes = request.headers.some(
        ({ key, value }) => key.toLowerCase() === 'connection' && /\bclose\b/i.test(value),
      );
      const answer = backend.answer({ method, uri, body });
      socket.write(fromByteString(responseBytes(answer, closes)));
      if (closes) socket.end();
    }
  });
}

/** The offset behind the first whole request; undefined while some of it is missing. */
function requestEnd(received: ByteString): number | undefined {
  const blank = received.indexOf('\r\n\r\n');
  if (blank === -1) return undefined;
  const start = blank + 4;
  const { headers } = readRequest(received.slice(0, start));
  const find = (name: string): string | undefined =>
    headers.find(({ key }) => key.toLowerCase() === name)?.value;
  if (find('transfer-encoding') !== undefined) {
    const end = received.indexOf('0\r\n\r\n', start);
    if (end === -1) return undefined;
    // The end mark may also stand inside a chunk; only a sound body ends there.
    for (let at = end; at !== -1; at = received.indexOf('0\r\n\r\n', at + 1)) {
      if (decodeChunked(received.slice(start, at + 5)) !== undefined) return at + 5;
    }
    return undefined;
  }
  const length = Number(find('content-length') ?? 0);
  const end = start + (Number.isSafeInteger(length) && length > 0 ? length : 0);
  return received.length >= end ? end : undefined;
}

function responseBytes(answer: BackendResponse, closes: boolean): ByteString {
  const lines = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const connection = closes ? 'Connection: close\r\n' : '';
  return `HTTP/1.1 ${answer.status} Reflected\r\n${lines}${connection}\r\n${answer.body}`;
}
