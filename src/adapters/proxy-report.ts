// What the proxy tells of each exchange when it is over, and what it counts.

import type { Decision } from '../model/decision.ts';
import type { Endpoint } from '../model/exchange.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * `passed`: the upstream's answer went out. `blocked`: a decision stopped it. `refused`: the front end
 * would not read the request. `failed`: the upstream gave no usable answer. `aborted`: the client left.
 */
export type ExchangeResult = 'passed' | 'blocked' | 'refused' | 'failed' | 'aborted';

export interface ExchangeReport {
  readonly id: string;
  readonly timeMs: number;
  readonly durationMs: number;
  readonly client: Endpoint;
  readonly method: string;
  readonly uri: string;
  readonly version: string;
  /** As sent; 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly result: ExchangeResult;
  /** For everything but `passed`: the word for why. */
  readonly reason: string | undefined;
  readonly decision: Decision;
  /** Null when the engine failed before it had one. */
  readonly verdict: Verdict | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export interface ProxyEvents {
  exchange?(report: ExchangeReport): void;
  /** Something threw that must not: the engine, or the proxy itself. The request was not let through. */
  fault?(error: unknown, where: 'engine' | 'proxy'): void;
}

export interface ProxyCounters {
  requests: number;
  readonly results: Record<ExchangeResult, number>;
  /** How often each reason was given. Reasons are a fixed set of words, so this stays small. */
  readonly reasons: Map<string, number>;
}

export function newCounters(): ProxyCounters {
  return {
    requests: 0,
    results: { passed: 0, blocked: 0, refused: 0, failed: 0, aborted: 0 },
    reasons: new Map(),
  };
}

export function count(counters: ProxyCounters, report: ExchangeReport): void {
  counters.requests++;
  counters.results[report.result]++;
  if (report.reason === undefined) return;
  counters.reasons.set(report.reason, (counters.reasons.get(report.reason) ?? 0) + 1);
}
