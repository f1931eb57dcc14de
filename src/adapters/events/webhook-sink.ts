// Events to a web service: in batches, again when it does not take them, and never more in memory than said.
//
// Promise: events arrive in order, and at least once; what the service refuses for good, what it does not
// take in all attempts, and what comes while the queue is full is dropped and counted.

import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { EventSink } from './event-sink.ts';
import type { PublicEvent } from './public-event.ts';

export interface WebhookOptions {
  readonly url: string;
  /** For `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Once for each loss; holds no token. */
  readonly onError: (error: unknown) => void;
  /** Events that wait; default 10,000. */
  readonly maxQueue?: number | undefined;
  /** Events in one request; default 100. */
  readonly maxBatch?: number | undefined;
  /** How long a batch may wait for more events; default 1 s. */
  readonly batchMs?: number | undefined;
  /** Before the second attempt, doubled each time, up to a minute; default 1 s. */
  readonly retryMs?: number | undefined;
  /** Default 8. */
  readonly maxAttempts?: number | undefined;
  /** For one request; default 10 s. */
  readonly timeoutMs?: number | undefined;
  /** How long `close` waits for the queue; default 5 s. */
  readonly closeMs?: number | undefined;
}

const LONGEST_RETRY_MS = 60_000;

class Refused extends Error {
  readonly isFinal: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfter: string | undefined) {
    super(`the webhook answered ${status}`);
    // Who is asked to come back later, or by a gateway, may be heard then; other answers are for good.
    this.isFinal = status < 500 && status !== 408 && status !== 425 && status !== 429;
    const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
    this.retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
  }
}

/** Throws when the URL is none. */
export function webhookSink(options: WebhookOptions): EventSink {
  const { maxQueue = 10_000, maxBatch = 100, batchMs = 1000, retryMs = 1000 } = options;
  const { maxAttempts = 8, timeoutMs = 10_000, closeMs = 5000, token, onError } = options;
  const url = new URL(options.url);
  const isSecure = url.protocol === 'https:';
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const queue: PublicEvent[] = [];
  const counters = { written: 0, dropped: 0 };
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  let isSending = false;
  let isClosing = false;
  let isFull = false;
  let onIdle: (() => void) | undefined;

  function post(events: readonly PublicEvent[]): Promise<void> {
    const send = isSecure ? httpsRequest : httpRequest;
    const body = Buffer.from(JSON.stringify({ events }));
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const request = send(url, { method: 'POST', agent, headers, timeout: timeoutMs });
      request.on('timeout', () => request.destroy(new Error('the webhook is silent')));
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve();
          else reject(new Refused(statusCode, response.headers['retry-after']));
        });
      });
      request.end(body);
    });
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const waiting = setTimeout(resolve, ms);
      waiting.unref();
      wake = () => {
        clearTimeout(waiting);
        resolve();
      };
    });

  async function deliver(events: readonly PublicEvent[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await post(events);
        counters.written += events.length;
        return;
      } catch (error) {
        const isFinal = error instanceof Refused && error.isFinal;
        if (isFinal || attempt >= maxAttempts || isClosing) {
          counters.dropped += events.length;
          onError(error);
          return;
        }
        const asked = error instanceof Refused ? error.retryAfterMs : undefined;
        // Spread out, so that many processes do not come back all at once.
        const own = retryMs * 2 ** (attempt - 1) * (0.5 + Math.random());
        await pause(Math.min(asked ?? own, LONGEST_RETRY_MS));
      }
    }
  }

  async function drain(): Promise<void> {
    isSending = true;
    while (queue.length > 0) await deliver(queue.splice(0, maxBatch));
    isSending = false;
    isFull = false;
    onIdle?.();
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!isSending && queue.length > 0) void drain();
  }

  return {
    name: 'webhook',
    counters,
    write: (event) => {
      if (isClosing || queue.length >= maxQueue) {
        counters.dropped++;
        // Told once until there is room again: a full queue stays full for a while.
        if (!isFull) onError(new Error('the queue of the webhook is full'));
        isFull = true;
        return;
      }
      queue.push(event);
      if (queue.length >= maxBatch) start();
      else if (timer === undefined && !isSending) {
        timer = setTimeout(start, batchMs);
        timer.unref();
      }
    },
    reopen: () => {
      // Connections are opened as they are needed.
    },
    close: async () => {
      start();
      if (isSending) {
        const idle = new Promise<void>((resolve) => {
          onIdle = resolve;
        });
        const limit = setTimeout(() => {
          isClosing = true;
          wake?.();
          counters.dropped += queue.splice(0).length;
          agent.destroy();
        }, closeMs);
        await idle;
        clearTimeout(limit);
      }
      isClosing = true;
      agent.destroy();
    },
  };
}
