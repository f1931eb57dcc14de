// Tells logs of transactions that have finished: measures phases for them and makes the record they want.

import { outlineOf, recordOf } from '../engine/record.ts';
import type { TransactionState } from '../engine/state.ts';
import type { RunPhase } from '../engine/transaction.ts';
import type { Phase } from '../model/phase.ts';
import type { TransactionListener } from '../model/transaction-record.ts';
import type { Rule } from '../ruleset/ruleset.ts';

export interface Listening {
  /** Measures what the rules of each phase take. */
  readonly timed: (runPhase: RunPhase) => RunPhase;
  /** To be called once, at the end. */
  readonly finished: () => void;
}

export function listen(
  listeners: readonly TransactionListener[],
  state: TransactionState,
  rules: readonly Rule[],
): Listening {
  const phaseMs = new Map<Phase, number>();
  return {
    timed: (runPhase) => (phase) => timedPhase(runPhase, phase, phaseMs),
    finished: () => {
      const outline = outlineOf(state);
      const wanted = listeners.filter((listener) => listener.wants(outline));
      if (wanted.length === 0) return;
      const record = recordOf(state, rules, phaseMs);
      for (const listener of wanted) listener.finished(record);
    },
  };
}

// By itself: a generator made for each transaction would keep it until old space is collected.
function* timedPhase(
  runPhase: RunPhase,
  phase: Phase,
  phaseMs: Map<Phase, number>,
): ReturnType<RunPhase> {
  const startedMs = performance.now();
  yield* runPhase(phase);
  phaseMs.set(phase, performance.now() - startedMs);
}
