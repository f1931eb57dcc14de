// An exchange that cannot fail open: whatever the engine throws becomes a block with a name.
//
// Invariant: once a step has blocked, every later step answers that same block, and no step throws.

import type { Decision, InjectedHeaders } from '../model/decision.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from '../model/exchange.ts';
import type { Phase } from '../model/phase.ts';
import type { BodyChunk, BodyRedaction, ExchangeOf, Mode } from '../model/transaction.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ExchangeSource } from './exchange-source.ts';

const ALLOWED: Decision = Object.freeze({
  effect: 'allow',
  row: 'fallback',
  status: undefined,
  interruption: null,
  trace: Object.freeze([]),
});

const NOTHING_INJECTED: InjectedHeaders = Object.freeze({
  request: Object.freeze([]),
  response: Object.freeze([]),
});

/** A block that no rule asked for: the engine could not judge, or the proxy could not wait for it. */
export function failedDecision(cause: string, phase: Phase, status: number): Decision {
  return {
    effect: 'block',
    row: 'engine-error',
    status,
    interruption: { rule: null, phase, action: 'deny', status, cause },
    trace: [{ row: 'engine-error', applies: true, reason: cause }],
  };
}

type Exchange = ExchangeOf<Mode>;

export class GuardedExchange {
  readonly id: string;
  decision: Decision = ALLOWED;
  /** What the engine threw, for the log. */
  failure: unknown;
  #verdict: Verdict | null = null;
  #exchange: Exchange | undefined;
  #isBegun = false;
  #isRequestEnded = false;
  #isFinished = false;

  constructor(source: ExchangeSource) {
    try {
      this.#exchange = source.exchange();
    } catch (error) {
      this.#fail(error, 1);
    }
    this.id = this.#exchange?.id ?? randomId();
  }

  get isBlocked(): boolean {
    return this.decision.effect === 'block';
  }

  get verdict(): Verdict | null {
    return this.#verdict;
  }

  get wantsRequestBody(): boolean {
    return this.#ask((exchange) => exchange.wantsRequestBody, 1);
  }

  get wantsResponseBody(): boolean {
    return this.#ask((exchange) => exchange.wantsResponseBody, 3);
  }

  /** Header fields that policy rules add to the request for the application, or to its response. */
  get inject(): InjectedHeaders {
    return this.decision.inject ?? NOTHING_INJECTED;
  }

  /** What the response's body has to pass through. Throws nothing: a failure is a block. */
  get redaction(): BodyRedaction | undefined {
    if (this.isBlocked || this.#exchange === undefined) return undefined;
    try {
      return this.#exchange.redaction;
    } catch (error) {
      this.#fail(error, 4);
      return undefined;
    }
  }

  connection(facts: ConnectionFacts): void {
    this.#ask((exchange) => {
      exchange.connection(facts);
      return true;
    }, 1);
  }

  requestHead(head: RequestHead): Promise<boolean> {
    this.#isBegun = true;
    return this.#step((exchange) => exchange.requestHead(head), 1);
  }

  requestBody(chunk: BodyChunk): boolean {
    return this.#take((exchange) => exchange.requestBody(chunk), 2);
  }

  /** `isCut`: the body goes on, and its rest passes unseen. Phase 2, at the first call only: a body may still break after its beginning was judged. */
  async endRequest(isCut = false): Promise<boolean> {
    if (this.#isRequestEnded) return !this.isBlocked;
    this.#isRequestEnded = true;
    return this.#step((exchange) => exchange.endRequest({ isCut }), 2);
  }

  responseHead(head: ResponseHead): Promise<boolean> {
    return this.#step((exchange) => exchange.responseHead(head), 3);
  }

  responseBody(chunk: BodyChunk): boolean {
    return this.#take((exchange) => exchange.responseBody(chunk), 4);
  }

  endResponse(isCut = false): Promise<boolean> {
    return this.#step((exchange) => exchange.endResponse({ isCut }), 4);
  }

  /** Blocks for a reason of the proxy's own. */
  block(cause: string, phase: Phase, status: number): void {
    if (!this.isBlocked) this.decision = failedDecision(cause, phase, status);
  }

  /** Phase 5, once, if rules have seen anything. The decision stays what the client got. */
  async finish(): Promise<void> {
    if (this.#isFinished || !this.#isBegun) return;
    this.#isFinished = true;
    try {
      this.#verdict = (await this.#exchange?.finish())?.verdict ?? null;
    } catch (error) {
      this.failure ??= error;
    }
  }

  /** True when the exchange may go on. */
  async #step(
    run: (exchange: Exchange) => Decision | Promise<Decision>,
    phase: Phase,
  ): Promise<boolean> {
    if (this.isBlocked || this.#exchange === undefined) return false;
    try {
      this.decision = await run(this.#exchange);
    } catch (error) {
      this.#fail(error, phase);
    }
    return !this.isBlocked;
  }

  #take(run: (exchange: Exchange) => Decision, phase: Phase): boolean {
    if (this.isBlocked || this.#exchange === undefined) return false;
    try {
      this.decision = run(this.#exchange);
    } catch (error) {
      this.#fail(error, phase);
    }
    return !this.isBlocked;
  }

  #ask(read: (exchange: Exchange) => boolean, phase: Phase): boolean {
    if (this.isBlocked || this.#exchange === undefined) return false;
    try {
      return read(this.#exchange);
    } catch (error) {
      this.#fail(error, phase);
      return false;
    }
  }

  #fail(error: unknown, phase: Phase): void {
    this.failure ??= error;
    this.decision = failedDecision('engine-error', phase, 500);
  }
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
