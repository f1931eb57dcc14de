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
/** What the sender can do something about. */
const STATUS_OF: ReadonlyMap<string, number> = new Map([['request-body-limit', 413]]);

interface RowResult {
  readonly applies: boolean;
  readonly reason: () => string;
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
    return {
      applies: false,
      reason: () => policy?.passedOver(row) ?? 'no rule of this row applies',
    };
  }
  const { rule, reason, status = FORBIDDEN } = found;
  return { applies: true, reason: () => `"${rule}": ${reason}`, status, rule };
};

const allowing: Row = Object.freeze({ effect: 'allow', judge: byPolicy });
const blocking: Row = Object.freeze({ effect: 'block', judge: byPolicy });

const passed = (text: string): RowResult => ({ applies: false, reason: () => text });

const engineError: Judge = (
  { interruption, errors, enforcing, policy },
  { onEngineError = 'block' },
) => {
  if (interruption?.cause !== undefined) {
    const { cause, status } = interruption;
    return { applies: true, reason: () => cause, status };
  }
  // Whether the rules only watch is no business of the policy.
  const failed = policy?.errors[0];
  if (failed !== undefined && onEngineError === 'block') {
    return {
      applies: true,
      reason: () => `the policy: ${failureText(failed)}`,
      status: STATUS_OF.get(failed.code) ?? UNJUDGED,
    };
  }
  const first = errors[0] ?? failed;
  if (first === undefined) return JUDGED;
  const what = `${first.code}${first.ruleId === undefined ? '' : ` in rule ${first.ruleId}`}`;
  if (!enforcing) return passed(`${what}; the engine only detects`);
  if (onEngineError === 'allow') return passed(`${what}; configured to go on`);
  return { applies: true, reason: () => what, status: UNJUDGED };
};

/** What our own rules say of themselves; what a store says may hold its credentials, and stays in the record. */
function failureText({ code, message }: EngineErrorRecord): string {
  return message.includes(code) ? message : code;
}

const JUDGED = passed('the engine could judge everything');
const NOT_INTERRUPTED = passed('no rule interrupted');

const signatureBlock: Judge = ({ interruption }) => {
  if (interruption === null) return NOT_INTERRUPTED;
  const { rule, phase, status } = interruption;
  return { applies: true, reason: () => `rule ${rule} in phase ${phase}`, status };
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
    judge: () => ({ applies: true, reason: () => 'nothing above applies' }),
  }),
});

/** Rows that the engine answers; without a policy no other row can apply. */
const ENGINE_ROWS: readonly DecisionRow[] = Object.freeze([
  'engine-error',
  'signature-block',
  'fallback',
]);

export function decide(facts: DecisionFacts, options: DecisionOptions = {}): Decision {
  const { policy } = facts;
  const table = options.table ?? (policy === undefined ? ENGINE_ROWS : ROWS);
  for (const row of table) {
    const { effect, judge } = TABLE[row];
    const { applies, status, rule } = judge(facts, options, row);
    if (!applies) continue;
    return new TableDecision(facts, options, { table, row, effect, status, rule });
  }
  throw new TypeError('the fallback row always applies');
}

interface Decided {
  readonly table: readonly DecisionRow[];
  readonly row: DecisionRow;
  readonly effect: Decision['effect'];
  readonly status: number | undefined;
  readonly rule: string | undefined;
}

/** Most decisions are enacted and never looked into; reasons are put into words for those that are. */
class TableDecision implements Decision {
  readonly effect: Decision['effect'];
  readonly row: DecisionRow;
  readonly status: number | undefined;
  readonly interruption: Interruption | null;
  readonly rule: string | undefined;
  readonly inject: InjectedHeaders | undefined;
  readonly #facts: DecisionFacts;
  readonly #options: DecisionOptions;
  readonly #table: readonly DecisionRow[];
  #trace: readonly DecisionTraceRow[] | undefined;

  constructor(
    facts: DecisionFacts,
    options: DecisionOptions,
    { table, row, effect, status, rule }: Decided,
  ) {
    const goesOn = effect === 'allow';
    this.effect = effect;
    this.row = row;
    this.status = goesOn ? undefined : status;
    this.interruption = facts.interruption;
    this.rule = rule;
    this.inject = goesOn ? facts.policy?.inject : undefined;
    this.#facts = facts;
    this.#options = options;
    this.#table = table;
  }

  get trace(): readonly DecisionTraceRow[] {
    this.#trace ??= traceOf(this.#facts, this.#options, this.#table, this.row);
    return this.#trace;
  }

  toJSON(): Decision {
    const { effect, row, status, interruption, rule, inject, trace } = this;
    return { effect, row, status, interruption, rule, inject, trace };
  }
}

/** The rows down to the one that decided, each with its reason. */
function traceOf(
  facts: DecisionFacts,
  options: DecisionOptions,
  table: readonly DecisionRow[],
  last: DecisionRow,
): readonly DecisionTraceRow[] {
  return table.slice(0, table.indexOf(last) + 1).map((row) => {
    const { applies, reason } = TABLE[row].judge(facts, options, row);
    return { row, applies, reason: reason() };
  });
}
