// Pulls bytes from a socket, one await per chunk.
//
// Nothing is read that nobody asked for, so a slow consumer slows the peer down (backpressure), and
// bytes of a pipelined request stay in the socket's buffer until it is their turn.

import type { Socket } from 'node:net';
import { ConnectionLostError, PeerTimeoutError } from './errors.ts';

/** Where heads and bodies are read from. */
export interface ByteSource {
  /** The next bytes, or null at the end of the stream. Rejects when the peer is gone or too slow. */
  read(): Promise<Buffer | null>;
  /** Gives back bytes that were read too far; the next read answers them. */
  unshift(bytes: Buffer): void;
}

export class SocketReader {
  readonly #socket: Socket;
  #pushedBack: Buffer | undefined;
  #wake: (() => void) | undefined;
  readonly #onReadable: () => void;
  #ended = false;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const wake = (): void => this.#wake?.();
    this.#onReadable = wake;
    socket.on('readable', wake);
    socket.on('end', () => {
      this.#ended = true;
      wake();
    });
    socket.on('close', () => {
      this.#closed = true;
      wake();
    });
    // The reason reaches whoever reads or writes; without a listener Node would end the process.
    socket.on('error', wake);
  }

  /** Bytes that can be read without waiting. */
  get buffered(): number {
    return (this.#pushedBack?.length ?? 0) + this.#socket.readableLength;
  }

  get ended(): boolean {
    return this.#ended || this.#closed;
  }

  unshift(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pushedBack =
      this.#pushedBack === undefined ? bytes : Buffer.concat([bytes, this.#pushedBack]);
  }

  /** The next bytes, or null at the end of the stream. `what` names the wait in a timeout's message. */
  async read(timeoutMs: number, what: string): Promise<Buffer | null> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const bytes = this.#take();
      if (bytes !== undefined) return bytes;
      if (this.#ended) return null;
      if (this.#closed || this.#socket.destroyed) throw new ConnectionLostError('connection lost');
      const remaining = deadline - Date.now();
      if (remaining <= 0) throw new PeerTimeoutError(what);
      await this.#activity(remaining);
    }
  }

  /** Gives up pulling: whatever still comes is handed to `sink` and forgotten. */
  discard(sink: (bytes: Buffer) => void): void {
    this.#socket.off('readable', this.#onReadable);
    this.#socket.on('data', sink);
    this.#socket.resume();
  }

  #take(): Buffer | undefined {
    const pushedBack = this.#pushedBack;
    if (pushedBack !== undefined) {
      this.#pushedBack = undefined;
      return pushedBack;
    }
    const bytes: unknown = this.#socket.read();
    return Buffer.isBuffer(bytes) ? bytes : undefined;
  }

  #activity(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, timeoutMs);
      const reader = this;
      function done(): void {
        clearTimeout(timer);
        reader.#wake = undefined;
        resolve();
      }
      this.#wake = done;
    });
  }
}

export interface Pace {
  /** Time for the first bytes and grace on top of the rate. */
  readonly graceMs: number;
  /** Slower than this, and the peer is holding the connection rather than using it. */
  readonly minBytesPerSecond: number;
}

/**
 * A byte source that gives up on a peer which trickles.
 *
 * An idle timeout alone is not enough: one byte every few seconds keeps it happy for ever.
 */
export function pacedSource(reader: SocketReader, pace: Pace, what: string): ByteSource {
  let waitedMs = 0;
  let received = 0;
  return {
    async read(): Promise<Buffer | null> {
      const allowedMs = pace.graceMs + (received * 1000) / pace.minBytesPerSecond;
      const remaining = Math.min(pace.graceMs, allowedMs - waitedMs);
      if (remaining <= 0) throw new PeerTimeoutError(what);
      // Only time spent waiting for the peer counts; what our own consumer takes does not.
      const startedAt = Date.now();
      const bytes = await reader.read(remaining, what);
      waitedMs += Date.now() - startedAt;
      received += bytes?.length ?? 0;
      return bytes;
    },
    unshift(bytes: Buffer): void {
      reader.unshift(bytes);
      received -= bytes.length;
    },
  };
}
