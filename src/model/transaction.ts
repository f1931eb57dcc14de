// The public faces of one exchange under inspection, as adapters and embedders drive them.

import type { Decision } from './decision.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from './exchange.ts';
import type { Interruption } from './interruption.ts';
import type { PolicyEvent } from './policy-event.ts';
import type { Verdict } from './verdict.ts';

/** A body chunk: bytes from a socket, or a byte string. */
export type BodyChunk = Uint8Array | string;

export interface TransactionOptions {
  /** UNIQUE_ID; default: 24 random characters. */
  readonly id?: string | undefined;
  /** Start of the transaction in milliseconds since the epoch; default: the waf's clock. */
  readonly timeMs?: number | undefined;
}

/** Whether answers come at once, or later because the state store is elsewhere. */
export type Mode = 'sync' | 'async';
export type Answer<M extends Mode, T> = M extends 'async' ? Promise<T> : T;

/** The steps of one exchange, in order; what they answer with differs. */
interface Steps<M extends Mode, Result, Outcome> {
  readonly id: string;
  connection(facts: ConnectionFacts): this;
  /** Phase 1. */
  requestHead(head: RequestHead): Answer<M, Result>;
  /** Buffers; interrupts when a limit with Reject is passed. */
  requestBody(chunk: BodyChunk): Result;
  /** Phase 2. */
  endRequest(): Answer<M, Result>;
  /** Phase 3. */
  responseHead(head: ResponseHead): Answer<M, Result>;
  responseBody(chunk: BodyChunk): Result;
  /** Phase 4. */
  endResponse(): Answer<M, Result>;
  /** Phase 5, once; later calls answer the same. */
  finish(): Answer<M, Outcome>;
  /** Whether the rules want to see bodies of this exchange (SecRequestBodyAccess, ctl, MIME types). */
  readonly wantsRequestBody: boolean;
  readonly wantsResponseBody: boolean;
}

/**
 * Rules alone, in ModSecurity's order of calls. Each step answers the interruption in force, or null.
 * After an interruption further steps are ignored, and `finish` still runs phase 5.
 * A step out of order throws `PhaseOrderError`.
 */
export type TransactionOf<M extends Mode> = Steps<M, Interruption | null, Verdict>;
export type Transaction = TransactionOf<'sync'>;

/** Rules and policy together: what proxies embed. The same steps, but the answers are decisions. */
export interface ExchangeOf<M extends Mode> extends Steps<M, Decision, ExchangeOutcome> {
  endRequest(shown?: BodyShown): Answer<M, Decision>;
  endResponse(shown?: BodyShown): Answer<M, Decision>;
  /**
   * From `responseHead` on: what the response's body has to pass through on its way, piece by piece.
   * Undefined: it goes out as it is. The length may change. Each reading starts anew.
   */
  readonly redaction: BodyRedaction | undefined;
}
export type Exchange = ExchangeOf<'sync'>;

/** How a body ended that was shown. */
export interface BodyShown {
  /** It goes on, and its rest passes unseen; default false. */
  readonly isCut?: boolean | undefined;
}

export interface ExchangeOutcome {
  readonly verdict: Verdict;
  readonly decision: Decision;
  /** What rules of the policy have to tell; empty without a policy. */
  readonly events: readonly PolicyEvent[];
}

/** Replaces values in a body that streams by; holds back no more than a value may be long. */
export interface BodyRedaction {
  readonly push: (chunk: Uint8Array) => Uint8Array;
  /** What was held back. */
  readonly end: () => Uint8Array;
}

/** A step was called before the one it needs. A programmer's error, not a request's. */
export class PhaseOrderError extends TypeError {
  override readonly name: string = 'PhaseOrderError';
}
