// The outcome of an exchange that no worker has judged: an engine error with a name, decided as any other.

import type { ExchangeOutcome } from '../model/transaction.ts';
import type { EngineErrorRecord } from '../model/verdict.ts';
import { decide } from '../policy/decide.ts';
import type { PoolVersionFacts } from './pool-messages.ts';

export type PoolFailure =
  | 'pool-queue-full'
  | 'pool-timeout'
  | 'pool-worker-lost'
  | 'pool-exchange-failed'
  | 'pool-closed';

export function failedOutcome(
  id: string,
  { enforcing, hasPolicy, onEngineError, table }: PoolVersionFacts,
  code: PoolFailure,
  message: string,
): ExchangeOutcome {
  const errors: readonly EngineErrorRecord[] = [{ code, ruleId: undefined, phase: 1, message }];
  // A policy blocks where the rules only detect, and it has not judged the exchange either.
  const policy = hasPolicy
    ? { of: () => undefined, passedOver: () => undefined, inject: undefined, errors }
    : undefined;
  const decision = decide(
    { interruption: null, errors, enforcing, policy },
    { onEngineError, table },
  );
  const scores = { inbound: 0, outbound: 0 };
  return {
    verdict: { id, interruption: null, matches: [], scores, errors },
    decision,
    events: [],
  };
}
