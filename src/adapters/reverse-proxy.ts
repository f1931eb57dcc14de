// A reverse proxy: listens, has every exchange judged, forwards what passes.
//
// Whatever happens in one exchange, the process and the other connections go on.

import type { AddressInfo } from 'node:net';
import { NO_TRUSTED_PROXIES, type TrustedProxies } from '../http/forwarded.ts';
import type { BodyHold } from './body-hold.ts';
import { BufferBudget } from './buffer-budget.ts';
import type { ExchangeSource } from './exchange-source.ts';
import {
  type ClientRequest,
  CONNECTION_LIMITS,
  type ConnectionLimits,
} from './http1/connection.ts';
import type { Reply } from './http1/reply.ts';
import { type DrainResult, FrontServer, type ListenAddress } from './http1/server.ts';
import { type ProxyContext, ProxyExchange } from './proxy-exchange.ts';
import { count, newCounters, type ProxyCounters, type ProxyEvents } from './proxy-report.ts';
import { Upstream, type UpstreamLimits } from './upstream.ts';
import { hostOf } from './upstream-request.ts';
import type { UpstreamAddress } from './upstream-socket.ts';

export interface ReverseProxyOptions {
  readonly source: ExchangeSource;
  readonly upstream: UpstreamAddress;
  /** `client` (default): the upstream sees the Host that the client sent; `upstream`: its own. */
  readonly hostHeader?: 'client' | 'upstream';
  readonly trustedProxies?: TrustedProxies;
  /** Default true: responses come uncompressed, so that rules can read them. */
  readonly identityEncoding?: boolean;
  readonly requestHold?: BodyHold;
  readonly responseHold?: BodyHold;
  /** Over all exchanges. Default 512 MiB. */
  readonly maxHeldBytes?: number;
  readonly maxConnections?: number;
  readonly connectionLimits?: Partial<ConnectionLimits>;
  readonly upstreamLimits?: UpstreamLimits;
  readonly events?: ProxyEvents;
}

export interface ReverseProxy {
  readonly counters: ProxyCounters;
  readonly connections: number;
  /** Rejects with the system's error (`EADDRINUSE`). Port 0 picks a free one. */
  listen(address: ListenAddress): Promise<AddressInfo>;
  /** Stops accepting and finishes what runs; after `graceMs` the rest is cut. */
  drain(graceMs: number): Promise<DrainResult>;
}

// A little over the largest limit in common rule sets (12.5 MiB), so that the rules' own limit decides.
const REQUEST_HOLD: BodyHold = Object.freeze({ bytes: 16 * 1024 * 1024, beyond: 'block' });
const RESPONSE_HOLD: BodyHold = Object.freeze({ bytes: 16 * 1024 * 1024, beyond: 'block' });
const MAX_HELD_BYTES = 512 * 1024 * 1024;
const MAX_CONNECTIONS = 4096;

export function createReverseProxy(options: ReverseProxyOptions): ReverseProxy {
  const upstream = new Upstream(options.upstream, options.upstreamLimits);
  const counters = newCounters();
  const context: ProxyContext = {
    source: options.source,
    upstream,
    upstreamHost: hostOf(options.upstream),
    keepHost: options.hostHeader !== 'upstream',
    trusted: options.trustedProxies ?? NO_TRUSTED_PROXIES,
    identityEncoding: options.identityEncoding ?? true,
    requestHold: options.requestHold ?? REQUEST_HOLD,
    responseHold: options.responseHold ?? RESPONSE_HOLD,
    budget: new BufferBudget(options.maxHeldBytes ?? MAX_HELD_BYTES),
  };
  const { events = {} } = options;
  const answer = (request: ClientRequest, reply: Reply): Promise<void> =>
    answerOne(context, events, counters, request, reply);
  const limits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const server = new FrontServer(answer, limits, options.maxConnections ?? MAX_CONNECTIONS);
  return {
    counters,
    get connections(): number {
      return server.connections;
    },
    listen: (address) => server.listen(address),
    async drain(graceMs: number): Promise<DrainResult> {
      const result = await server.drain(graceMs);
      upstream.close();
      return result;
    },
  };
}

async function answerOne(
  context: ProxyContext,
  events: ProxyEvents,
  counters: ProxyCounters,
  request: ClientRequest,
  reply: Reply,
): Promise<void> {
  try {
    const exchange = new ProxyExchange(context, request, reply);
    try {
      await exchange.run();
    } catch (error) {
      report(() => events.fault?.(error, 'proxy'));
      await exchange.abandon();
    }
    if (exchange.failure !== undefined) {
      report(() => events.fault?.(exchange.failure, 'engine'));
    }
    const summary = await exchange.finish();
    count(counters, summary);
    report(() => events.exchange?.(summary));
  } catch (error) {
    // Not even the error answer could be given: nothing is sure about this connection any more.
    reply.abort();
    report(() => events.fault?.(error, 'proxy'));
  }
}

/** A listener that throws must not decide what happens to a request. */
function report(tell: () => void): void {
  try {
    tell();
  } catch {
    // There is nobody left to tell.
  }
}
