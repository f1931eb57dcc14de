// Posts entries of an audit log to a server, one after the other.
//
// Promise: the queue is bounded in entries and bytes; what does not fit, and what the server does not take,
// is counted and told of, and the exchange that it is about goes on.

import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { EntryWriter } from './audit-log.ts';

export interface HttpsWriterOptions {
  readonly url: string;
  readonly contentType: string;
  /** For every entry that is lost. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
}

export interface HttpsWriter extends EntryWriter {
  readonly posted: number;
  /** Entries that the server did not take. */
  readonly lost: number;
}

const MAX_ENTRIES = 1000;
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** Throws when the URL is none. `http:` is taken too, for collectors on the same machine. */
export function httpsWriter(options: HttpsWriterOptions): HttpsWriter {
  const url = new URL(options.url);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') {
    throw new TypeError(`the audit log's address ${options.url} does not begin with https:`);
  }
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const { maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS } = options;
  const queue: Buffer[] = [];
  const counters = { posted: 0, lost: 0 };
  let bytes = 0;
  let isSending = false;
  let isIdle: (() => void) | undefined;

  function lose(error: unknown): void {
    counters.lost++;
    options.onError?.(error);
  }

  function post(entry: Buffer): Promise<void> {
    const send = isSecure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const headers = { 'Content-Type': options.contentType, 'Content-Length': entry.length };
      const request = send(url, { method: 'POST', agent, headers, timeout: timeoutMs });
      request.on('timeout', () => request.destroy(new Error('the audit log server is silent')));
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve();
          else reject(new Error(`the audit log server answered ${statusCode}`));
        });
      });
      request.end(entry);
    });
  }

  async function drain(): Promise<void> {
    isSending = true;
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      bytes -= entry.length;
      try {
        await post(entry);
        counters.posted++;
      } catch (error) {
        lose(error);
      }
    }
    isSending = false;
    isIdle?.();
  }

  return {
    get posted() {
      return counters.posted;
    },
    get lost() {
      return counters.lost;
    },
    write(text) {
      const entry = Buffer.from(text, 'latin1');
      if (queue.length >= maxEntries || bytes + entry.length > maxBytes) {
        throw new Error('the queue of the audit log is full');
      }
      queue.push(entry);
      bytes += entry.length;
      if (!isSending) void drain();
    },
    reopen() {
      // Connections are opened as they are needed.
    },
    async close() {
      if (isSending) await new Promise<void>((resolve) => (isIdle = resolve));
      agent.destroy();
    },
  };
}
