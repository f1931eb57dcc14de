// The answer to an exchange: one row of the priority table, with the rows that were looked at.

import type { Interruption } from './interruption.ts';

export type DecisionRow = 'engine-error' | 'signature-block' | 'fallback';
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
}
