// Walks the priority table and answers with the first row that applies.
//
// Rows are looked at from the top; the decision carries each row that was looked at and why it did or did
// not apply. The rows of sources, actors and thresholds join this table with the policy layer.

import type { Decision, DecisionRow, DecisionTraceRow } from '../model/decision.ts';
import type { Interruption } from '../model/interruption.ts';
import type { EngineErrorRecord } from '../model/verdict.ts';

/** What is known when a decision is asked for. */
export interface DecisionFacts {
  readonly interruption: Interruption | null;
  readonly errors: readonly EngineErrorRecord[];
  /** DetectionOnly watches and never blocks. */
  readonly enforcing: boolean;
}

export interface DecisionOptions {
  /** What it means that the engine could not judge. Default: block, so that no failure lets a request by. */
  readonly onEngineError?: 'block' | 'allow';
}

// An exchange that could not be judged is refused as the server's failure, not the client's.
const UNJUDGED = 500;

interface RowResult {
  readonly applies: boolean;
  readonly reason: string;
  readonly status?: number;
}

interface Row {
  readonly name: DecisionRow;
  readonly effect: Decision['effect'];
  readonly judge: (facts: DecisionFacts, options: DecisionOptions) => RowResult;
}

const TABLE: readonly Row[] = Object.freeze([
  {
    name: 'engine-error',
    effect: 'block',
    judge: ({ interruption, errors, enforcing }, { onEngineError = 'block' }) => {
      if (interruption?.cause !== undefined) {
        return { applies: true, reason: interruption.cause, status: interruption.status };
      }
      const first = errors[0];
      if (first === undefined)
        return { applies: false, reason: 'the engine could judge everything' };
      const what = `${first.code}${first.ruleId === undefined ? '' : ` in rule ${first.ruleId}`}`;
      if (!enforcing) return { applies: false, reason: `${what}; the engine only detects` };
      if (onEngineError === 'allow')
        return { applies: false, reason: `${what}; configured to go on` };
      return { applies: true, reason: what, status: UNJUDGED };
    },
  },
  {
    name: 'signature-block',
    effect: 'block',
    judge: ({ interruption }) =>
      interruption === null
        ? { applies: false, reason: 'no rule interrupted' }
        : {
            applies: true,
            reason: `rule ${interruption.rule} in phase ${interruption.phase}`,
            status: interruption.status,
          },
  },
  {
    name: 'fallback',
    effect: 'allow',
    judge: () => ({ applies: true, reason: 'nothing above applies' }),
  },
]);

export function decide(facts: DecisionFacts, options: DecisionOptions = {}): Decision {
  const trace: DecisionTraceRow[] = [];
  for (const { name, effect, judge } of TABLE) {
    const { applies, reason, status } = judge(facts, options);
    trace.push({ row: name, applies, reason });
    if (!applies) continue;
    return { effect, row: name, status, interruption: facts.interruption, trace };
  }
  throw new TypeError('the fallback row always applies');
}
