// The server of the admin API: loopback unless told otherwise, a token for everything but /health, no CORS.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminContext } from './admin-context.ts';
import { tokenTest } from './admin-token.ts';
import { dispatch } from './dispatch.ts';
import type { AdminReply } from './route.ts';

export interface AdminServerOptions {
  readonly context: AdminContext;
  /** At least 16 characters. */
  readonly token: string;
  /** A fault of ours; the request was answered with 500. */
  readonly onError: (error: unknown) => void;
  /** Default 1 MiB: more than most policies, and read at once while the proxy waits. */
  readonly maxBodyBytes?: number | undefined;
}

export interface AdminServer {
  /** Rejects with the system's error. Port 0 picks a free one. */
  readonly listen: (address: {
    readonly host: string;
    readonly port: number;
  }) => Promise<AddressInfo>;
  readonly close: () => Promise<void>;
}

const MAX_BODY_BYTES = 1 << 20;
const MAX_CONNECTIONS = 64;

/** Throws `RangeError` for a token that is too short. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const { context, token, onError, maxBodyBytes = MAX_BODY_BYTES } = options;
  const dispatching = { context, hasToken: tokenTest(token), maxBodyBytes, onError };
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 },
    (request, response) => {
      void dispatch(request, dispatching).then((reply) => {
        try {
          send(response, reply);
        } catch (error) {
          onError(error);
          response.destroy();
        }
        // What was not read of a body is not waited for.
        if (!request.complete) request.resume();
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          server.on('error', onError);
          resolve(server.address() as AddressInfo);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      }),
  };
}

function send(response: ServerResponse, { status, body, text, headers = {} }: AdminReply): void {
  const { type, content } = text ?? {
    type: 'application/json',
    content: `${JSON.stringify(body, undefined, 2)}\n`,
  };
  const bytes = Buffer.from(content, 'utf8');
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(bytes);
}
