// The public faces of one exchange under inspection, as adapters and embedders drive them.

import type { Decision } from './decision.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from './exchange.ts';
import type { Interruption } from './interruption.ts';
import type { Verdict } from './verdict.ts';

/** A body chunk: bytes from a socket, or a byte string. */
export type BodyChunk = Uint8Array | string;

export interface TransactionOptions {
  /** UNIQUE_ID; default: 24 random characters. */
  readonly id?: string | undefined;
  /** Start of the transaction in milliseconds since the epoch; default: the waf's clock. */
  readonly timeMs?: number | undefined;
}

/**
 * Rules alone, in ModSecurity's order of calls. Each step answers the interruption in force, or null.
 * After an interruption further steps are ignored, and `finish` still runs phase 5.
 * A step out of order throws `PhaseOrderError`.
 */
export interface Transaction {
  readonly id: string;
  connection(facts: ConnectionFacts): this;
  /** Phase 1. */
  requestHead(head: RequestHead): Interruption | null;
  /** Buffers; answers an interruption when a limit with Reject is passed. */
  requestBody(chunk: BodyChunk): Interruption | null;
  /** Phase 2. */
  endRequest(): Interruption | null;
  /** Phase 3. */
  responseHead(head: ResponseHead): Interruption | null;
  responseBody(chunk: BodyChunk): Interruption | null;
  /** Phase 4. */
  endResponse(): Interruption | null;
  /** Phase 5, once; later calls answer the same verdict. */
  finish(): Verdict;
  /** Whether the rules want to see bodies of this exchange (SecRequestBodyAccess, ctl, MIME types). */
  readonly wantsRequestBody: boolean;
  readonly wantsResponseBody: boolean;
}

/** Rules and policy together: what proxies embed. The same steps, but the answers are decisions. */
export interface Exchange {
  readonly id: string;
  connection(facts: ConnectionFacts): this;
  requestHead(head: RequestHead): Decision;
  requestBody(chunk: BodyChunk): Decision;
  endRequest(): Decision;
  responseHead(head: ResponseHead): Decision;
  responseBody(chunk: BodyChunk): Decision;
  endResponse(): Decision;
  finish(): ExchangeOutcome;
  readonly wantsRequestBody: boolean;
  readonly wantsResponseBody: boolean;
}

export interface ExchangeOutcome {
  readonly verdict: Verdict;
  readonly decision: Decision;
}

/** A step was called before the one it needs. A programmer's error, not a request's. */
export class PhaseOrderError extends TypeError {
  override readonly name: string = 'PhaseOrderError';
}
