// Judges requests and responses inside a node:http server: `createServer(protect(waf, listener))`.
//
// The listener gets a request whose body it can read as ever, after phases 1 and 2 have let it pass;
// its response is held until phases 3 and 4 have. Node's parser has been at the request before: what it
// rejects or rewrites, rules here never see. For that there is the reverse proxy.

import { IncomingMessage, type ServerResponse } from 'node:http';
import { NO_TRUSTED_PROXIES, plainAddress, type TrustedProxies } from '../http/forwarded.ts';
import type { Header, RequestHead } from '../model/exchange.ts';
import { blockedResponse } from './blocked-response.ts';
import { type BodyHold, holdBody } from './body-hold.ts';
import { BufferBudget } from './buffer-budget.ts';
import type { ExchangeSource } from './exchange-source.ts';
import { resolveClient } from './forwarded.ts';
import { GuardedExchange } from './guarded-exchange.ts';
import { holdResponse } from './held-response.ts';
import type { BodyReader } from './http1/body-reader.ts';
import { isReplaced, withInjected } from './policy-effects.ts';
import type { HeldBody } from './upstream-request.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface NodeHttpOptions {
  readonly trustedProxies?: TrustedProxies;
  /** Default: 16 MiB, a longer body is blocked. */
  readonly requestHold?: BodyHold;
  /** Default: 1 MiB, the rest of a longer body passes. */
  readonly responseHold?: BodyHold;
  /** Over all exchanges. Default 512 MiB. */
  readonly maxHeldBytes?: number;
  /** What the engine or the listener threw. The request was not let through, or got status 500. */
  readonly fault?: (error: unknown) => void;
}

const REQUEST_HOLD: BodyHold = Object.freeze({ bytes: 16 * 1024 * 1024, beyond: 'block' });
const RESPONSE_HOLD: BodyHold = Object.freeze({ bytes: 1024 * 1024, beyond: 'stream' });
const MAX_HELD_BYTES = 512 * 1024 * 1024;

/** `listener` behind the rules. */
export function protect(
  source: ExchangeSource,
  listener: Listener,
  options: NodeHttpOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const budget = new BufferBudget(options.maxHeldBytes ?? MAX_HELD_BYTES);
  return (request, response) => {
    const exchange = new GuardedExchange(source);
    const share = budget.share();
    response.on('close', () => {
      share.giveBack();
      void exchange.finish().then(() => {
        if (exchange.failure !== undefined) options.fault?.(exchange.failure);
      });
    });
    const serve = async (): Promise<void> => {
      connect(exchange, request, options.trustedProxies ?? NO_TRUSTED_PROXIES);
      await exchange.requestHead(requestHead(request));
      const wantsBody = !exchange.isBlocked && exchange.wantsRequestBody;
      const hold = options.requestHold ?? REQUEST_HOLD;
      const body = messageBody(request);
      const held = await holdBody(body, wantsBody, 'request', hold, exchange, share);
      await exchange.endRequest(held.rest !== undefined);
      if (exchange.isBlocked) return answerBlock(exchange, request, response);
      holdResponse(response, exchange, options.responseHold ?? RESPONSE_HOLD, share);
      const passed = wantsBody ? replayed(request, held) : request;
      injectInto(passed, exchange.inject.request);
      await listener(passed, response);
    };
    serve().catch((error: unknown) => {
      options.fault?.(error);
      if (response.headersSent) response.destroy();
      else {
        response.statusCode = 500;
        response.end();
      }
    });
  };
}

function connect(
  exchange: GuardedExchange,
  { socket, rawHeaders }: IncomingMessage,
  trusted: TrustedProxies,
): void {
  const peer = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
  const server = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
  exchange.connection({ client: resolveClient(peer, pairs(rawHeaders), trusted), server });
}

function requestHead(request: IncomingMessage): RequestHead {
  return {
    method: request.method ?? '',
    uri: request.url ?? '',
    version: `HTTP/${request.httpVersion}`,
    headers: pairs(request.rawHeaders),
  };
}

function pairs(rawHeaders: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  }
  return headers;
}

function messageBody(request: IncomingMessage): BodyReader {
  const chunks = request.iterator({ destroyOnReturn: false });
  let finished = false;
  return {
    framing: { kind: 'until-close' },
    get finished(): boolean {
      return finished;
    },
    async next(): Promise<Buffer | null> {
      const { done, value } = await chunks.next();
      finished = done === true;
      return finished ? null : (value as Buffer);
    },
  };
}

/** A request like the one that was read, from the beginning of its body. */
function replayed(request: IncomingMessage, held: HeldBody): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  copy.method = request.method;
  copy.url = request.url;
  copy.httpVersion = request.httpVersion;
  copy.httpVersionMajor = request.httpVersionMajor;
  copy.httpVersionMinor = request.httpVersionMinor;
  copy.rawHeaders = request.rawHeaders;
  copy.headers = request.headers;
  // Without it, the end of the copy would count as an aborted request.
  copy.complete = true;
  const chunks = [...held.chunks];
  copy._read = () => {
    void nextChunk(chunks, held.rest).then(
      (chunk) => copy.push(chunk),
      (error: Error) => copy.destroy(error),
    );
  };
  return copy;
}

async function nextChunk(chunks: Buffer[], rest: BodyReader | undefined): Promise<Buffer | null> {
  return chunks.shift() ?? (await rest?.next()) ?? null;
}

/** Replaces fields of the same names, so that no client can forge what a rule says. */
function injectInto(request: IncomingMessage, injected: readonly Header[]): void {
  if (injected.length === 0) return;
  const raw = withInjected(pairs(request.rawHeaders), injected);
  request.rawHeaders = raw.flat();
  const headers = { ...request.headers };
  for (const name of Object.keys(headers)) if (isReplaced(name, injected)) delete headers[name];
  for (const [name, value] of injected) {
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : `${String(before)}, ${value}`;
  }
  request.headers = headers;
}

function answerBlock(
  exchange: GuardedExchange,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { status, headers, content } = blockedResponse(exchange.decision, exchange.id);
  if (status === 0) {
    request.socket.destroy();
    return;
  }
  // What is left of the body will not be read, so the connection cannot go on.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, headers.flat());
  response.end(content, 'latin1');
}
