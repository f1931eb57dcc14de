// What rules are judged with: the exchange as far as it is known, and where findings go.

import type { ExchangeFacts } from '../facts/exchange.ts';
import type { Findings } from './findings.ts';

export interface JudgingContext {
  readonly facts: ExchangeFacts;
  readonly findings: Findings;
  readonly nowMs: number;
  /** False for internal addresses, whom rows that block a source leave alone. */
  readonly mayBlockSource: boolean;
}
