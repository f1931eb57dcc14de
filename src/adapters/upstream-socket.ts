// Opens a connection to the upstream, plain or TLS, within a time, and names what goes wrong.

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ConnectionLostError } from './http1/errors.ts';
import { UpstreamFailure, upstreamFailure } from './upstream-failure.ts';

export interface UpstreamAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Rejects with `UpstreamFailure`, or with `ConnectionLostError` when the client left meanwhile. */
export function openSocket(
  address: UpstreamAddress,
  connectMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = address;
    const socket = address.secure
      ? connectTls({ host, port, servername: serverName(host), ALPNProtocols: ['http/1.1'] })
      : connectTcp({ host, port, noDelay: true });
    const settle = (error: Error | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      socket.off('error', failed);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const failed = (error: Error): void => settle(upstreamFailure(error));
    const aborted = (): void => settle(new ConnectionLostError('the client is gone'));
    const late = (): void => settle(new UpstreamFailure('upstream-connect-timeout', 504));
    const timer = setTimeout(late, connectMs);
    signal.addEventListener('abort', aborted, { once: true });
    socket.on('error', failed);
    socket.once(address.secure ? 'secureConnect' : 'connect', () => settle(undefined));
    if (signal.aborted) aborted();
  });
}

// TLS forbids addresses as server names.
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
