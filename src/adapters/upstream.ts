// Speaks HTTP/1.1 to the server behind the proxy: one request, one response, per call.
//
// Invariant: a connection is used again only when exactly one response was read from it to its end and
// nothing else has arrived. Bytes nobody asked for mean that the two sides count messages differently,
// and the next client would get another client's response.

import type { Socket } from 'node:net';
import type { Header } from '../model/exchange.ts';
import { type BodyFraming, type BodyReader, bodyReader } from './http1/body-reader.ts';
import { ConnectionLostError, FramingError } from './http1/errors.ts';
import { readHead } from './http1/head-reader.ts';
import { type IncomingResponse, parseResponseHead } from './http1/response-head.ts';
import { chunkHead, framingHeaders, LAST_CHUNK, requestHeadText } from './http1/serialize.ts';
import { pacedSource, SocketReader } from './http1/socket-reader.ts';
import { writeAll } from './http1/socket-writer.ts';
import { UpstreamFailure, upstreamFailure } from './upstream-failure.ts';
import { openSocket, type UpstreamAddress } from './upstream-socket.ts';

export interface UpstreamLimits {
  readonly connectMs: number;
  /** From the end of the request to the end of the response's head. */
  readonly responseMs: number;
  /** Longest silence within a response body. */
  readonly stallMs: number;
  /** How long an unused connection is kept; below the keep-alive time of common servers (5 s). */
  readonly idleMs: number;
  readonly maxIdle: number;
  readonly maxHeadBytes: number;
}

export const UPSTREAM_LIMITS: UpstreamLimits = Object.freeze({
  connectMs: 5_000,
  responseMs: 60_000,
  stallMs: 60_000,
  idleMs: 4_000,
  maxIdle: 64,
  maxHeadBytes: 256 * 1024,
});

export interface UpstreamRequest {
  readonly method: string;
  readonly target: string;
  /** End-to-end fields with Host; framing is added here. */
  readonly headers: readonly Header[];
  readonly framing: BodyFraming;
  /** Content in hand, and the reader of what is still to come from the client. */
  readonly content: readonly Buffer[];
  readonly rest: BodyReader | undefined;
  /** Told every piece of the rest as it passes. */
  readonly onRest?: ((bytes: Buffer) => void) | undefined;
  /** Ends the exchange when the client goes away. */
  readonly signal: AbortSignal;
}

export interface UpstreamResponse {
  readonly head: IncomingResponse;
  readonly body: BodyReader;
  /** To be called once, whether or not the body was read to its end. */
  release(): void;
}

interface Connection {
  readonly socket: Socket;
  readonly reader: SocketReader;
  isReused: boolean;
}

// RFC 9110 9.2.2: only these may be sent again when a kept connection turns out to be closed.
const REPEATABLE: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
]);
const MAX_INTERIM_RESPONSES = 16;
const NEVER_MS = 2_147_483_647;

export class Upstream {
  readonly #address: UpstreamAddress;
  readonly #limits: UpstreamLimits;
  readonly #idle: Connection[] = [];
  #closed = false;

  constructor(address: UpstreamAddress, limits: UpstreamLimits = UPSTREAM_LIMITS) {
    this.#address = address;
    this.#limits = limits;
  }

  /** Rejects with `UpstreamFailure`, or with the error of reading the client's body. */
  async request(request: UpstreamRequest): Promise<UpstreamResponse> {
    for (;;) {
      const connection = await this.#connection(request.signal);
      try {
        return await this.#exchange(connection, request);
      } catch (error) {
        connection.socket.destroy();
        const failure = error instanceof UpstreamFailure ? error : undefined;
        const mayRepeat =
          failure?.code === 'upstream-closed' &&
          connection.isReused &&
          request.rest === undefined &&
          REPEATABLE.has(request.method) &&
          !request.signal.aborted;
        if (!mayRepeat) throw error;
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const { socket } of this.#idle.splice(0)) socket.destroy();
  }

  async #connection(signal: AbortSignal): Promise<Connection> {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (kept.socket.destroyed || kept.reader.ended || kept.reader.buffered > 0) {
        kept.socket.destroy();
        continue;
      }
      kept.isReused = true;
      return kept;
    }
    const socket = await openSocket(this.#address, this.#limits.connectMs, signal);
    return { socket, reader: new SocketReader(socket), isReused: false };
  }

  async #exchange(connection: Connection, request: UpstreamRequest): Promise<UpstreamResponse> {
    const { socket, reader } = connection;
    const abort = (): void => {
      socket.destroy();
    };
    request.signal.addEventListener('abort', abort, { once: true });
    const stopListening = (): void => request.signal.removeEventListener('abort', abort);
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    let clientError: unknown;
    let isSent = false;
    // The response may begin, and even end, while the request is still being sent.
    const sending = this.#send(socket, request)
      .then(() => {
        isSent = true;
      })
      .catch((error: unknown) => {
        if (!(error instanceof WriteFailure)) {
          clientError = error;
          socket.destroy();
        }
      })
      .finally(() => {
        timer = setTimeout(() => {
          isLate = true;
          socket.destroy();
        }, this.#limits.responseMs);
      });
    try {
      const head = await this.#responseHead(reader, request.method);
      const source = pacedSource(
        reader,
        { graceMs: this.#limits.stallMs, minBytesPerSecond: 1 },
        'sending the response',
      );
      const body = namingFailures(bodyReader(head.framing, source), request.signal);
      const release = (): void => {
        stopListening();
        if (isSent && body.finished && head.wantsKeepAlive) this.#keep(connection);
        else socket.destroy();
      };
      return { head, body, release };
    } catch (error) {
      stopListening();
      socket.destroy();
      if (clientError !== undefined) throw clientError;
      if (isLate) throw new UpstreamFailure('upstream-timeout', 504);
      throw upstreamFailure(error);
    } finally {
      // The timer may be set only after this: when the response came before the request was sent.
      void sending.then(() => clearTimeout(timer));
      clearTimeout(timer);
    }
  }

  async #send(socket: Socket, request: UpstreamRequest): Promise<void> {
    const { stallMs } = this.#limits;
    const put = async (bytes: Buffer | string): Promise<void> => {
      try {
        await writeAll(socket, bytes, stallMs);
      } catch (error) {
        throw new WriteFailure('could not send the request', { cause: error });
      }
    };
    const headers = [...request.headers, ...framingHeaders(request.framing)];
    const isChunked = request.framing.kind === 'chunked';
    const putContent = async (content: Buffer): Promise<void> => {
      if (content.length === 0) return;
      if (isChunked) await put(chunkHead(content));
      await put(content);
      if (isChunked) await put('\r\n');
    };
    socket.cork();
    process.nextTick(() => socket.uncork());
    await put(requestHeadText(request.method, request.target, headers));
    for (const content of request.content) await putContent(content);
    if (request.rest !== undefined) {
      for (;;) {
        const content = await request.rest.next();
        if (content === null) break;
        request.onRest?.(content);
        await putContent(content);
      }
    }
    if (isChunked) await put(LAST_CHUNK);
  }

  async #responseHead(reader: SocketReader, method: string): Promise<IncomingResponse> {
    const limits = {
      maxBytes: this.#limits.maxHeadBytes,
      timeoutMs: this.#limits.stallMs,
      idleMs: NEVER_MS,
    };
    for (let interim = 0; interim <= MAX_INTERIM_RESPONSES; interim++) {
      const bytes = await readHead(reader, limits);
      if (bytes === null) throw new ConnectionLostError('no response');
      const head = parseResponseHead(bytes, method);
      // We never ask for another protocol, so a switch leaves us unable to tell what follows.
      if (head.status === 101) throw new FramingError('unasked-protocol-switch');
      if (head.status >= 200) return head;
    }
    throw new FramingError('too-many-interim-responses');
  }

  #keep(connection: Connection): void {
    const { socket, reader } = connection;
    if (this.#closed || reader.buffered > 0 || this.#idle.length >= this.#limits.maxIdle) {
      socket.destroy();
      return;
    }
    this.#idle.push(connection);
    const isIdle = (): boolean => this.#idle.includes(connection);
    const discard = (): void => {
      clearTimeout(timer);
      socket.off('readable', discard);
      socket.off('close', discard);
      if (!isIdle()) return;
      this.#idle.splice(this.#idle.indexOf(connection), 1);
      socket.destroy();
    };
    const timer = setTimeout(discard, this.#limits.idleMs);
    timer.unref();
    socket.on('readable', discard);
    socket.on('close', discard);
  }
}

/** Whatever goes wrong while the body is read is the upstream's failure, unless the client left. */
function namingFailures(body: BodyReader, signal: AbortSignal): BodyReader {
  return {
    framing: body.framing,
    get finished(): boolean {
      return body.finished;
    },
    async next(): Promise<Buffer | null> {
      try {
        return await body.next();
      } catch (error) {
        if (signal.aborted) throw new ConnectionLostError('the client is gone');
        throw upstreamFailure(error);
      }
    },
  };
}

/** Writing failed. The response may still say why (413), so reading goes on. */
class WriteFailure extends Error {
  override readonly name: string = 'WriteFailure';
}
