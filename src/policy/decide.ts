// Walks the priority table and answers with the first row that applies.
//
// Rows are looked at from the top; the decision carries each row that was looked at and why it did or did
// not apply. The order is data: a policy document can restate it.

import {
  type Decision,
  type DecisionRow,
  type DecisionTraceRow,
  type InjectedHeaders,
  ROWS,
} from '../model/decision.ts';
import type { Interruption } from '../model/interruption.ts';
import type { EngineErrorRecord } from '../model/verdict.ts';

/** Why a row applies: the policy rule, and what it saw. */
export interface RowFinding {
  readonly rule: string;
  readonly reason: string;
  /** For rows that block; default 403. */
  readonly status?: number | undefined;
}

/** What the policy found, by row. */
export interface PolicyFindings {
  /** The first finding of the row, in the order of the document. */
  readonly of: (row: DecisionRow) => RowFinding | undefined;
  /** Why rules of the row were passed over, if any were. */
  readonly passedOver: (row: DecisionRow) => string | undefined;
  readonly inject: InjectedHeaders | undefined;
  /** What the policy could not judge. */
  readonly errors: readonly EngineErrorRecord[];
}

/** What is known when a decision is asked for. */
export interface DecisionFacts {
  readonly interruption: Interruption | null;
  readonly errors: readonly EngineErrorRecord[];
  /** DetectionOnly watches and never blocks; policy rules are not concerned. */
  readonly enforcing: boolean;
  /** Undefined: no policy. */
  readonly policy?: PolicyFindings | undefined;
}

export interface DecisionOptions {
  /** What it means that the engine could not judge. Default: block, so that no failure lets a request by. */
  readonly onEngineError?: 'block' | 'allow';
  /** All rows in another order. */
  readonly table?: readonly DecisionRow[] | undefined;
}

// An exchange that could not be judged is refused as the server's failure, not the client's.
const UNJUDGED = 500;
const FORBIDDEN = 403;

interface RowResult {
  readonly applies: boolean;
  readonly reason: string;
  readonly status?: number | undefined;
  readonly rule?: string | undefined;
}

type Judge = (facts: DecisionFacts, options: DecisionOptions, row: DecisionRow) => RowResult;

interface Row {
  readonly effect: Decision['effect'];
  readonly judge: Judge;
}

const byPolicy: Judge = ({ policy }, _options, row) => {
  const found = policy?.of(row);
  if (found === undefined) {
    return { applies: false, reason: policy?.passedOver(row) ?? 'no rule of this row applies' };
  }
  const { rule, reason, status = FORBIDDEN } = found;
  return { applies: true, reason: `"${rule}": ${reason}`, status, rule };
};

const allowing: Row = Object.freeze({ effect: 'allow', judge: byPolicy });
const blocking: Row = Object.freeze({ effect: 'block', judge: byPolicy });

const engineError: Judge = (
  { interruption, errors, enforcing, policy },
  { onEngineError = 'block' },
) => {
  if (interruption?.cause !== undefined) {
    return { applies: true, reason: interruption.cause, status: interruption.status };
  }
  // Whether the rules only watch is no business of the policy.
  const failed = policy?.errors[0];
  if (failed !== undefined && onEngineError === 'block') {
    return { applies: true, reason: `the policy: ${failed.code}`, status: UNJUDGED };
  }
  const first = errors[0] ?? failed;
  if (first === undefined) return { applies: false, reason: 'the engine could judge everything' };
  const what = `${first.code}${first.ruleId === undefined ? '' : ` in rule ${first.ruleId}`}`;
  if (!enforcing) return { applies: false, reason: `${what}; the engine only detects` };
  if (onEngineError === 'allow') return { applies: false, reason: `${what}; configured to go on` };
  return { applies: true, reason: what, status: UNJUDGED };
};

const signatureBlock: Judge = ({ interruption }) =>
  interruption === null
    ? { applies: false, reason: 'no rule interrupted' }
    : {
        applies: true,
        reason: `rule ${interruption.rule} in phase ${interruption.phase}`,
        status: interruption.status,
      };

const TABLE: Readonly<Record<DecisionRow, Row>> = Object.freeze({
  'ip-allow': allowing,
  'actor-allow': allowing,
  'email-domain-allow': allowing,
  'custom-signature-allow': allowing,
  'custom-signature-block': blocking,
  'engine-error': Object.freeze({ effect: 'block', judge: engineError }),
  'signature-block': Object.freeze({ effect: 'block', judge: signatureBlock }),
  'ip-block-all-except': blocking,
  'ip-block': blocking,
  'actor-block': blocking,
  'email-domain-block': blocking,
  'ip-type-block': blocking,
  'email-domain-block-all-except': blocking,
  'region-block-all-except': blocking,
  'region-block': blocking,
  'threshold-block': blocking,
  fallback: Object.freeze({
    effect: 'allow',
    judge: () => ({ applies: true, reason: 'nothing above applies' }),
  }),
});

/** Rows that the engine answers; without a policy no other row can apply. */
const ENGINE_ROWS: readonly DecisionRow[] = Object.freeze([
  'engine-error',
  'signature-block',
  'fallback',
]);

export function decide(facts: DecisionFacts, options: DecisionOptions = {}): Decision {
  const { policy, interruption } = facts;
  const trace: DecisionTraceRow[] = [];
  for (const row of options.table ?? (policy === undefined ? ENGINE_ROWS : ROWS)) {
    const { effect, judge } = TABLE[row];
    const { applies, reason, status, rule } = judge(facts, options, row);
    trace.push({ row, applies, reason });
    if (!applies) continue;
    const goesOn = effect === 'allow';
    return {
      effect,
      row,
      status: goesOn ? undefined : status,
      interruption,
      trace,
      ...(rule !== undefined && { rule }),
      ...(goesOn && policy?.inject !== undefined && { inject: policy.inject }),
    };
  }
  throw new TypeError('the fallback row always applies');
}
