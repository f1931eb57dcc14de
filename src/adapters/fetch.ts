// Judges requests and responses of a fetch-style server: Deno, Bun, edge workers, Hono and the like.
//
// Such a server has parsed the request already: names come in lower case, repeated fields joined, and
// what was malformed never arrives here. Rules for the wire need the reverse proxy. No Node modules.

import { utf8ByteString } from '../base/bytes.ts';
import type { Endpoint, Header } from '../model/exchange.ts';
import { blockedResponse } from './blocked-response.ts';
import type { ExchangeSource } from './exchange-source.ts';
import { GuardedExchange } from './guarded-exchange.ts';
import { isOfTheBytes, isReplaced } from './policy-effects.ts';

export type FetchAnswer<Rest extends unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

export interface FetchOptions<Rest extends unknown[]> {
  /** Who asks; runtimes tell in their own ways. Default: unknown. */
  readonly client?: (request: Request, ...rest: Rest) => Endpoint | undefined;
  /** Longest request body held for inspection; a longer one is refused with 413. Default 16 MiB. */
  readonly maxRequestBytes?: number;
  /** Longest response body held for inspection; the rest of a longer one passes. Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** What the engine threw, or the answer itself. The request was not let through. */
  readonly fault?: (error: unknown) => void;
}

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const MAX_RESPONSE_BYTES = 1024 * 1024;

/** `answer` behind the rules: what it gets has passed phases 1 and 2, what it gives 3 and 4. */
export function protectFetch<Rest extends unknown[]>(
  source: ExchangeSource,
  answer: FetchAnswer<Rest>,
  options: FetchOptions<Rest> = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const exchange = new GuardedExchange(source);
    try {
      exchange.connection({ client: options.client?.(request, ...rest) });
      const limit = options.maxRequestBytes ?? MAX_REQUEST_BYTES;
      const passed = await judgeRequest(exchange, request, limit);
      if (exchange.isBlocked) return blocked(exchange);
      const response = await answer(passed, ...rest);
      const judged = await judgeResponse(
        exchange,
        response,
        options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
      );
      return exchange.isBlocked ? blocked(exchange) : judged;
    } finally {
      await exchange.finish();
      if (exchange.failure !== undefined) options.fault?.(exchange.failure);
    }
  };
}

/** The request to hand on: the same, with a body that can be read again. */
async function judgeRequest(
  exchange: GuardedExchange,
  request: Request,
  maxBytes: number,
): Promise<Request> {
  const { pathname, search, host } = new URL(request.url);
  const headers = [...request.headers];
  if (!request.headers.has('host')) headers.unshift(['host', host]);
  const uri = utf8ByteString(pathname + search);
  await exchange.requestHead({ method: request.method, uri, version: 'HTTP/1.1', headers });
  let passed = request;
  if (!exchange.isBlocked && request.body !== null && exchange.wantsRequestBody) {
    const held = await hold(request.body, maxBytes, (chunk) => {
      exchange.requestBody(chunk);
      return !exchange.isBlocked;
    });
    if (held.rest !== undefined) exchange.block('request-body-limit', 2, 413);
    passed = new Request(request, { body: joined(held.chunks, held.bytes) });
  }
  await exchange.endRequest();
  return withFields(passed, exchange.inject.request);
}

/** The request with fields that rules add; they replace what the client sent under these names. */
function withFields(request: Request, injected: readonly Header[]): Request {
  if (injected.length === 0) return request;
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()]) if (isReplaced(name, injected)) headers.delete(name);
  for (const [name, value] of injected) headers.append(name, value);
  return new Request(request, { headers });
}

async function judgeResponse(
  exchange: GuardedExchange,
  response: Response,
  maxBytes: number,
): Promise<Response> {
  const headers: Header[] = [...response.headers];
  await exchange.responseHead({ status: response.status, headers });
  if (exchange.isBlocked || response.body === null || !exchange.wantsResponseBody) {
    await exchange.endResponse();
    return exchange.isBlocked ? response : enacted(exchange, response, response.body);
  }
  const held = await hold(response.body, maxBytes, (chunk) => {
    exchange.responseBody(chunk);
    return !exchange.isBlocked && exchange.wantsResponseBody;
  });
  await exchange.endResponse(held.rest !== undefined);
  if (exchange.isBlocked) {
    await held.rest?.cancel();
    return response;
  }
  const body =
    held.rest === undefined ? joined(held.chunks, held.bytes) : continued(held.chunks, held.rest);
  return enacted(exchange, response, body);
}

/** The response as policy rules let it go: with their fields, its body redacted. */
function enacted(
  exchange: GuardedExchange,
  response: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null,
): Response {
  const { redaction } = exchange;
  const injected = exchange.inject.response;
  if (body === response.body && injected.length === 0 && redaction === undefined) return response;
  const headers = new Headers(response.headers);
  for (const [name] of injected) headers.delete(name);
  for (const [name, value] of injected) headers.append(name, value);
  const { status, statusText } = response;
  if (redaction === undefined || body === null) {
    return new Response(body, { status, statusText, headers });
  }
  for (const name of [...headers.keys()]) if (isOfTheBytes(name)) headers.delete(name);
  const source = body instanceof Uint8Array ? new Blob([body]).stream() : body;
  const changed = source.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => controller.enqueue(redaction.push(chunk)),
      flush: (controller) => controller.enqueue(redaction.end()),
    }) as never,
  ) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(changed, { status, statusText, headers });
}

interface Held {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  readonly bytes: number;
  /** Undefined when the body is complete. */
  readonly rest: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
}

async function hold(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
  inspect: (chunk: Uint8Array) => boolean,
): Promise<Held> {
  const reader = body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { chunks, bytes, rest: undefined };
    chunks.push(value);
    bytes += value.length;
    if (!inspect(value) || bytes > maxBytes) return { chunks, bytes, rest: reader };
  }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function continued(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  rest: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      const held = chunks[at++];
      if (held !== undefined) return controller.enqueue(held);
      const { done, value } = await rest.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => rest.cancel(reason),
  });
}

function blocked(exchange: GuardedExchange): Response {
  const { status, headers, content } = blockedResponse(exchange.decision, exchange.id);
  // There is no connection to close here, so a drop becomes an answer that says nothing.
  if (status === 0) return new Response(null, { status: 403 });
  const isBodyless = status === 204 || status === 205 || status === 304;
  return new Response(isBodyless ? null : content, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}
