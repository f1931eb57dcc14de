// One client connection: requests in sequence, each read, answered, and followed by the next.
//
// Pipelined requests wait in the socket until the one before them is answered, so answers keep their
// order by construction. A connection whose next message boundary is not certain is closed.

import type { Socket } from 'node:net';
import { plainAddress } from '../../http/forwarded.ts';
import type { Endpoint } from '../../model/exchange.ts';
import { type BodyReader, bodyReader } from './body-reader.ts';
import { PeerTimeoutError } from './errors.ts';
import { type HeadBytes, readHead } from './head-reader.ts';
import { Reply } from './reply.ts';
import { type HeadLimits, type IncomingHead, parseRequestHead } from './request-head.ts';
import { type Pace, pacedSource, SocketReader } from './socket-reader.ts';

export interface ConnectionLimits extends HeadLimits {
  readonly maxHeadBytes: number;
  /** From the first byte of a request to the end of its head. */
  readonly headMs: number;
  /** Between requests, and before the first. */
  readonly idleMs: number;
  readonly bodyPace: Pace;
  /** How long a client may take nothing of its response. */
  readonly stallMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = Object.freeze({
  maxHeadBytes: 64 * 1024,
  maxHeaders: 200,
  forwardsConnect: false,
  headMs: 15_000,
  idleMs: 20_000,
  bodyPace: Object.freeze({ graceMs: 20_000, minBytesPerSecond: 500 }),
  stallMs: 30_000,
});

export interface ClientRequest {
  readonly incoming: IncomingHead;
  readonly body: BodyReader;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
}

/** Must send exactly one response, or abort. Must not reject. */
export type Answer = (request: ClientRequest, reply: Reply) => Promise<void>;

const LINGER_MS = 2_000;
const LINGER_BYTES = 1024 * 1024;

export class ClientConnection {
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #answer: Answer;
  readonly #reader: SocketReader;
  readonly #gone = new AbortController();
  readonly #peer: Endpoint;
  readonly #local: Endpoint;
  #isIdle = true;
  #isFinishing = false;

  constructor(socket: Socket, limits: ConnectionLimits, answer: Answer) {
    this.#socket = socket;
    this.#limits = limits;
    this.#answer = answer;
    this.#reader = new SocketReader(socket);
    this.#peer = endpoint(socket.remoteAddress, socket.remotePort);
    this.#local = endpoint(socket.localAddress, socket.localPort);
    socket.on('close', () => this.#gone.abort());
  }

  /** Serves until either side is done. Never rejects. */
  async run(): Promise<void> {
    try {
      while (await this.#serveOne());
      await this.#lingeringClose();
    } catch {
      this.#socket.destroy();
    }
  }

  /** Takes no further request: closes now when idle, else after the running response. */
  finish(): void {
    this.#isFinishing = true;
    if (this.#isIdle) this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #serveOne(): Promise<boolean> {
    const bytes = await this.#readHead();
    if (bytes === null) return false;
    const incoming = parseRequestHead(bytes, this.#limits);
    const keepAlive = incoming.wantsKeepAlive && incoming.refusal === undefined;
    const reply = new Reply(this.#socket, {
      requestMethod: incoming.head.method,
      isHttp10: incoming.isHttp10,
      // Asked when the response starts, so that a drain which began meanwhile is announced.
      mayKeepAlive: () => keepAlive && !this.#isFinishing,
      stallMs: this.#limits.stallMs,
    });
    const body = this.#body(incoming, reply);
    const { signal } = this.#gone;
    await this.#answer({ incoming, body, peer: this.#peer, local: this.#local, signal }, reply);
    if (reply.isAborted) return false;
    return reply.canContinue && body.finished && !this.#isFinishing;
  }

  async #readHead(): Promise<HeadBytes | null> {
    this.#isIdle = this.#reader.buffered === 0;
    const { maxHeadBytes: maxBytes, headMs: timeoutMs, idleMs } = this.#limits;
    try {
      return await readHead(this.#reader, { maxBytes, timeoutMs, idleMs }, () => {
        this.#isIdle = false;
      });
    } catch (error) {
      if (error instanceof PeerTimeoutError && !this.#isIdle) {
        this.#socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      }
      return null;
    }
  }

  #body(incoming: IncomingHead, reply: Reply): BodyReader {
    const source = pacedSource(this.#reader, this.#limits.bodyPace, 'sending the body');
    const body = bodyReader(incoming.framing, source);
    if (!incoming.expectsContinue || body.finished) return body;
    // 100 (Continue) goes out when somebody wants the body, that is, after phase 1 let the head pass.
    let isAsked = this.#reader.buffered > 0;
    return {
      framing: body.framing,
      get finished(): boolean {
        return body.finished;
      },
      async next(): Promise<Buffer | null> {
        if (!isAsked && reply.isNew) await reply.sendContinue();
        isAsked = true;
        return body.next();
      },
    };
  }

  /**
   * Closes so that the last response arrives: closing with unread bytes in the buffer makes the kernel
   * reset the connection, and the client may lose what was sent.
   */
  async #lingeringClose(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed) return;
    socket.end();
    await new Promise<void>((resolve) => {
      let dropped = 0;
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#reader.discard((bytes) => {
        dropped += bytes.length;
        if (dropped > LINGER_BYTES) socket.destroy();
      });
    });
  }
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint {
  return { address: plainAddress(address ?? ''), port: port ?? 0 };
}
