// Sends raw bytes over a socket and reads one response, whatever was sent.
//
// No HTTP library stands between: they refuse or rewrite the very requests the tests are about.

import { connect } from 'node:net';
import { type ByteString, toByteString } from '../base/bytes.ts';
import { decodeChunked } from '../http/chunked.ts';
import { readResponse } from '../http/message.ts';
import type { StageResponse } from './observation.ts';
import { valuesOf } from './request.ts';

export interface ClientTarget {
  readonly host: string;
  readonly port: number;
  /** How long to wait for more of a response. */
  readonly readTimeoutMs: number;
}

export interface ClientAnswer {
  readonly response: StageResponse | undefined;
  readonly error: string | undefined;
}

/** Never rejects: what goes wrong on the wire is the answer. */
export function sendRaw(target: ClientTarget, request: ByteString): Promise<ClientAnswer> {
  const isHead = request.startsWith('HEAD ');
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ host: target.host, port: target.port });
    const finish = (error: string): void => {
      socket.destroy();
      const response = parseResponse(received);
      resolve(response === undefined ? { response, error } : { response, error: undefined });
    };
    socket.setTimeout(target.readTimeoutMs, () => finish('no complete response in time'));
    socket.on('connect', () => socket.write(Buffer.from(request, 'latin1')));
    socket.on('data', (chunk) => {
      received += toByteString(chunk);
      if (isComplete(received, isHead)) finish('');
    });
    socket.on('error', (error) => finish(error.message));
    socket.on('close', () => finish('connection closed without a response'));
  });
}

/** The final response in what was received; interim ones (1xx) are passed over. */
export function parseResponse(received: ByteString): StageResponse | undefined {
  let raw = received;
  for (;;) {
    // go-ftw reads with Go's parser: a response without a status line is an error to it.
    if (!/^HTTP\/\d\.\d \d{3}[ \r\n]/.test(raw) || !raw.includes('\r\n\r\n')) return undefined;
    const { status, headers } = readResponse(raw);
    if (status >= 200) {
      return { status, headers: headers.map(({ key, value }) => [key, value] as const), raw };
    }
    raw = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  }
}

function isComplete(received: ByteString, isHead: boolean): boolean {
  const response = parseResponse(received);
  if (response === undefined) return false;
  if (isHead || response.status === 204 || response.status === 304) return true;
  const body = response.raw.slice(response.raw.indexOf('\r\n\r\n') + 4);
  if (valuesOf(response.headers, 'transfer-encoding').length > 0) {
    return body.endsWith('0\r\n\r\n') && decodeChunked(body) !== undefined;
  }
  const length = valuesOf(response.headers, 'content-length')[0];
  return length !== undefined && body.length >= Number(length);
}
