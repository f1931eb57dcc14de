// The answer to an exchange: one row of the priority table, with the rows that were looked at.

import type { Header } from './exchange.ts';
import type { Interruption } from './interruption.ts';

/** The priority table's rows in their default order: the first that applies decides. */
export const ROWS = [
  'ip-allow',
  'actor-allow',
  'email-domain-allow',
  'custom-signature-allow',
  'custom-signature-block',
  'engine-error',
  'signature-block',
  'ip-block-all-except',
  'ip-block',
  'actor-block',
  'email-domain-block',
  'ip-type-block',
  'email-domain-block-all-except',
  'region-block-all-except',
  'region-block',
  'threshold-block',
  'fallback',
] as const;

export type DecisionRow = (typeof ROWS)[number];
export type DecisionEffect = 'allow' | 'block';

export interface DecisionTraceRow {
  readonly row: DecisionRow;
  readonly applies: boolean;
  readonly reason: string;
}

export interface Decision {
  readonly effect: DecisionEffect;
  readonly row: DecisionRow;
  /** The status a blocking proxy answers with; 0 closes the connection; undefined when allowed. */
  readonly status: number | undefined;
  readonly interruption: Interruption | null;
  readonly trace: readonly DecisionTraceRow[];
  /** The policy rule that decided; undefined when no policy rule did. */
  readonly rule?: string | undefined;
  /** Header fields that policy rules add where the exchange goes on. */
  readonly inject?: InjectedHeaders | undefined;
}

export interface InjectedHeaders {
  readonly request: readonly Header[];
  readonly response: readonly Header[];
}
