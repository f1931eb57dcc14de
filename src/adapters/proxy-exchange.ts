// One request on its way through the proxy: judged, forwarded, and its response judged on the way back.
//
// Invariants: nothing of a request reaches the upstream before phases 1 and 2 have let it pass, and
// nothing of a response reaches the client before phases 3 and 4 have; a failure of any kind on the way
// ends in an error answer, never in letting something through unjudged.

import type { TrustedProxies } from '../http/forwarded.ts';
import type { Endpoint, Header } from '../model/exchange.ts';
import type { BodyRedaction } from '../model/transaction.ts';
import {
  type BlockedResponse,
  blockedResponse,
  NO_ANSWER,
  statusResponse,
} from './blocked-response.ts';
import { type BodyHold, holdBody } from './body-hold.ts';
import type { BudgetShare, BufferBudget } from './buffer-budget.ts';
import type { ExchangeSource } from './exchange-source.ts';
import { resolveClient } from './forwarded.ts';
import { GuardedExchange } from './guarded-exchange.ts';
import type { BodyFraming, BodyReader } from './http1/body-reader.ts';
import type { ClientRequest } from './http1/connection.ts';
import { ConnectionLostError, FramingError, PeerTimeoutError } from './http1/errors.ts';
import type { Reply } from './http1/reply.ts';
import { endToEndHeaders } from './http1/serialize.ts';
import { asBuffer, withInjected, withoutDigests } from './policy-effects.ts';
import type { ExchangeReport, ExchangeResult } from './proxy-report.ts';
import { Upstream, type UpstreamResponse } from './upstream.ts';
import { UpstreamFailure } from './upstream-failure.ts';
import {
  type HeldBody,
  hostOf,
  type ProxyTarget,
  proxyTarget,
  upstreamFraming,
  upstreamHeaders,
} from './upstream-request.ts';

export interface ProxyContext {
  readonly source: ExchangeSource;
  readonly upstream: Upstream;
  /** `Host` for the upstream when the client named none, or when the client's is not to be kept. */
  readonly upstreamHost: string;
  readonly keepHost: boolean;
  readonly trusted: TrustedProxies;
  /** Asks the upstream not to compress, so that response rules can read bodies. */
  readonly identityEncoding: boolean;
  readonly requestHold: BodyHold;
  readonly responseHold: BodyHold;
  readonly budget: BufferBudget;
}

export class ProxyExchange {
  readonly #context: ProxyContext;
  readonly #request: ClientRequest;
  readonly #reply: Reply;
  readonly #exchange: GuardedExchange;
  readonly #client: Endpoint;
  readonly #budget: BudgetShare;
  readonly #startedAt = Date.now();
  #result: ExchangeResult = 'passed';
  #reason: string | undefined;
  #requestBytes = 0;

  constructor(context: ProxyContext, request: ClientRequest, reply: Reply) {
    this.#context = context;
    this.#request = request;
    this.#reply = reply;
    this.#exchange = new GuardedExchange(context.source);
    this.#budget = context.budget.share();
    this.#client = resolveClient(request.peer, request.incoming.head.headers, context.trusted);
  }

  get failure(): unknown {
    return this.#exchange.failure;
  }

  /** Answers the client. Rejects only for a fault in the proxy itself; then call `abandon`. */
  async run(): Promise<void> {
    try {
      await this.#judgeAndAnswer();
    } catch (error) {
      try {
        await this.#answerFailure(error);
      } catch (second) {
        // The client left while it was being told.
        if (!isPeerFault(second)) throw second;
        this.#reply.abort();
      }
    }
  }

  /** The last resort after a fault: a block, or a cut connection when the response had begun. */
  async abandon(): Promise<void> {
    this.#exchange.block('engine-error', 1, 500);
    if (this.#reply.isNew) await this.#answerBlock();
    else this.#reply.abort();
  }

  /** Runs phase 5 and sums up. */
  async finish(): Promise<ExchangeReport> {
    this.#budget.giveBack();
    await this.#exchange.finish();
    const { method, uri, version } = this.#request.incoming.head;
    return {
      id: this.#exchange.id,
      timeMs: this.#startedAt,
      durationMs: Date.now() - this.#startedAt,
      client: this.#client,
      method,
      uri,
      version,
      status: this.#reply.status,
      result: this.#result,
      reason: this.#reason,
      decision: this.#exchange.decision,
      verdict: this.#exchange.verdict,
      requestBytes: this.#requestBytes,
      responseBytes: this.#reply.contentBytes,
    };
  }

  async #judgeAndAnswer(): Promise<void> {
    const { incoming, local, body } = this.#request;
    const exchange = this.#exchange;
    const { refusal } = incoming;
    if (refusal?.inspect === false) return this.#refuse(refusal.code, refusal.status);
    exchange.connection({ client: this.#client, server: local });
    await exchange.requestHead(incoming.head);
    if (refusal !== undefined) {
      await exchange.endRequest();
      return this.#refuse(refusal.code, refusal.status);
    }
    if (exchange.isBlocked) return this.#answerBlock(unread(body));
    const wantsBody = exchange.wantsRequestBody;
    const held = await this.#hold(body, wantsBody, 'request');
    this.#requestBytes = held.bytes;
    await exchange.endRequest(held.rest !== undefined);
    if (exchange.isBlocked) return this.#answerBlock(held);
    const { upstream, upstreamHost, keepHost } = this.#context;
    const host = (keepHost ? incoming.authority : undefined) ?? upstreamHost;
    const response = await this.#forward(held, upstream, host, incoming.target);
    try {
      await this.#answerWith(response);
    } finally {
      response.release();
    }
  }

  #hold(body: BodyReader, wantsBody: boolean, side: 'request' | 'response'): Promise<HeldBody> {
    const { requestHold, responseHold } = this.#context;
    const hold = side === 'request' ? requestHold : responseHold;
    return holdBody(body, wantsBody, side, hold, this.#exchange, this.#budget);
  }

  #forward(
    held: HeldBody,
    upstream: Upstream,
    host: string,
    target: string,
  ): Promise<UpstreamResponse> {
    const { incoming, peer, signal } = this.#request;
    const { trusted, identityEncoding } = this.#context;
    return upstream.request({
      method: incoming.head.method,
      target,
      headers: withInjected(
        upstreamHeaders(incoming, peer, { host, trusted, identityEncoding }),
        this.#exchange.inject.request,
      ),
      framing: upstreamFraming(incoming.framing, held),
      content: held.chunks,
      rest: held.rest,
      onRest: (bytes) => {
        this.#requestBytes += bytes.length;
      },
      signal,
    });
  }

  async #answerWith(response: UpstreamResponse): Promise<void> {
    const exchange = this.#exchange;
    const { status, version, headers, framing } = response.head;
    await exchange.responseHead({ status, headers, version });
    if (exchange.isBlocked) return this.#answerBlock();
    const wantsBody = framing.kind !== 'none' && exchange.wantsResponseBody;
    const held = await this.#hold(response.body, wantsBody, 'response');
    await exchange.endResponse(held.rest !== undefined);
    if (exchange.isBlocked) return this.#answerBlock();

    await this.#relay(response, held);
  }

  async #relay(response: UpstreamResponse, held: HeldBody): Promise<void> {
    const { status, reason, headers, framing } = response.head;
    const reply = this.#reply;
    // A request body that the upstream did not wait for leaves the next request's start unknown.
    if (!this.#request.body.finished) reply.closeAfter();
    const { redaction } = this.#exchange;
    // A redaction that could not be made is a block.
    if (this.#exchange.isBlocked && this.#result !== 'blocked') return this.#answerBlock();
    const relayed = withInjected(endToEndHeaders(headers), this.#exchange.inject.response);
    if (redaction !== undefined) {
      return this.#relayRedacted({ status, reason, headers: relayed }, held, redaction, framing);
    }
    const length = held.rest === undefined ? held.bytes : declaredLength(framing);
    await reply.begin({
      status,
      reason,
      headers: relayed,
      length: framing.kind === 'none' ? bodylessLength(headers) : length,
    });
    for (const chunk of held.chunks) await reply.write(chunk);
    if (held.rest !== undefined) await this.#stream(held.rest, (chunk) => chunk);
    await reply.end();
  }

  async #relayRedacted(
    head: { readonly status: number; readonly reason: string; readonly headers: readonly Header[] },
    held: HeldBody,
    redaction: BodyRedaction,
    framing: BodyFraming,
  ): Promise<void> {
    const reply = this.#reply;
    const pieces = held.chunks.map((chunk) => redaction.push(chunk));
    if (held.rest === undefined) pieces.push(redaction.end());
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const isWhole = held.rest === undefined && framing.kind !== 'none';
    await reply.begin({
      ...head,
      headers: withoutDigests(head.headers),
      length: isWhole ? bytes : undefined,
    });
    for (const piece of pieces) await reply.write(asBuffer(piece));
    if (held.rest !== undefined) {
      await this.#stream(held.rest, (chunk) => asBuffer(redaction.push(chunk)));
      await reply.write(asBuffer(redaction.end()));
    }
    await reply.end();
  }

  async #stream(body: BodyReader, change: (chunk: Buffer) => Buffer): Promise<void> {
    for (;;) {
      const chunk = await body.next();
      if (chunk === null) return;
      await this.#reply.write(change(chunk));
    }
  }

  async #refuse(code: string, status: number): Promise<void> {
    this.#result = 'refused';
    this.#reason = code;
    this.#reply.closeAfter();
    // The rules' answer is more telling than ours, unless the client could not even read an answer.
    if (this.#exchange.isBlocked && status !== 0) return this.#answerBlock();
    await this.#put(status === 0 ? NO_ANSWER : statusResponse(status, this.#exchange.id));
  }

  /** `held` is the request's body, when there still is a request to send elsewhere. */
  async #answerBlock(held?: HeldBody): Promise<void> {
    const { decision, id } = this.#exchange;
    this.#result = 'blocked';
    this.#reason = decision.interruption?.cause ?? decision.row;
    const { action, url } = decision.interruption ?? {};
    const elsewhere = action === 'proxy' && url !== undefined ? proxyTarget(url) : undefined;
    if (held !== undefined && elsewhere !== undefined) return this.#divert(held, elsewhere);
    await this.#put(blockedResponse(decision, id));
  }

  /** The `proxy` action: another server (a honeypot, an error site) answers in the upstream's place. */
  async #divert(held: HeldBody, { address, target }: ProxyTarget): Promise<void> {
    const upstream = new Upstream(address);
    try {
      const response = await this.#forward(held, upstream, hostOf(address), target);
      try {
        await this.#relay(response, unread(response.body));
      } finally {
        response.release();
      }
    } finally {
      upstream.close();
    }
  }

  async #put(response: BlockedResponse): Promise<void> {
    if (response.status === 0) return this.#reply.abort();
    if (!this.#request.body.finished) this.#reply.closeAfter();
    await this.#reply.send(response, [Buffer.from(response.content, 'latin1')]);
  }

  async #answerFailure(error: unknown): Promise<void> {
    if (this.#request.signal.aborted || error instanceof ConnectionLostError) {
      // A client that leaves while it is told of a block was blocked all the same.
      if (this.#result === 'passed') {
        this.#result = 'aborted';
        this.#reason = 'client-gone';
      }
      return this.#reply.abort();
    }
    if (error instanceof UpstreamFailure) {
      this.#result = 'failed';
      this.#reason = error.code;
      return this.#answerStatus(error.status);
    }
    if (error instanceof FramingError || error instanceof PeerTimeoutError) {
      const isFraming = error instanceof FramingError;
      // What has arrived of the request is still evidence.
      if (this.#reply.isNew) await this.#exchange.endRequest();
      this.#result = 'refused';
      this.#reason = isFraming ? error.code : 'slow-client';
      return this.#answerStatus(isFraming ? 400 : 408);
    }
    throw error;
  }

  async #answerStatus(status: number): Promise<void> {
    if (!this.#reply.isNew) return this.#reply.abort();
    await this.#put(statusResponse(status, this.#exchange.id));
  }
}

function unread(body: BodyReader): HeldBody {
  return { chunks: [], bytes: 0, rest: body.finished ? undefined : body };
}

function isPeerFault(error: unknown): boolean {
  return error instanceof ConnectionLostError || error instanceof PeerTimeoutError;
}

function declaredLength(framing: BodyFraming): number | undefined {
  return framing.kind === 'length' ? framing.bytes : undefined;
}

/** What HEAD and 304 say of the body they do not carry. */
function bodylessLength(headers: readonly Header[]): number | undefined {
  for (const [name, value] of headers) {
    if (name.toLowerCase() === 'content-length' && /^\d{1,15}$/.test(value)) return Number(value);
  }
  return undefined;
}
