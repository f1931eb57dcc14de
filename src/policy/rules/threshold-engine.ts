// The threshold engine as sessions ask it: values become keyed hashes on the way in, answers become words on
// the way out, and a store of this process stands in where the shared one fails.

import { memoryStore } from '../../state/memory.ts';
import { runBatch } from '../../state/run-batch.ts';
import type { BatchOperation } from '../../state/tally.ts';
import { durationText } from '../document/values.ts';
import type {
  ThresholdAnswer,
  ThresholdAnswers,
  ThresholdAsk,
  ThresholdSubject,
  Thresholds,
} from '../facts/threshold.ts';
import type { ThresholdConclusion, ThresholdOutcome } from '../thresholds/outcome.ts';
import { planThresholds, type ThresholdHit, type ThresholdPlan } from '../thresholds/plan.ts';

/** `hash`: a keyed hash of a value of a request; values themselves never reach a store. */
export function thresholdEngine(hash: (value: string) => string): Thresholds {
  const local = memoryStore();
  const planOf = (
    asks: readonly ThresholdAsk[],
    subject: ThresholdSubject,
    nowMs: number,
    operations: BatchOperation[],
  ): ThresholdPlan => {
    const hits = asks.map((ask) => hitOf(ask, hash));
    return planThresholds(hits, subject, nowMs, operations);
  };
  return {
    plan: (asks, subject, nowMs, operations) => {
      const plan = planOf(asks, subject, nowMs, operations);
      return { conclude: (results) => answersOf(asks, plan.conclude(results)) };
    },
    locally: (asks, subject, nowMs) => {
      const plan = planOf(asks, subject, nowMs, []);
      return answersOf(asks, plan.conclude(runBatch(local, plan.operations, nowMs)));
    },
  };
}

function hitOf({ of, measured }: ThresholdAsk, hash: (value: string) => string): ThresholdHit {
  const { threshold } = of;
  return measured.kind === 'count'
    ? { threshold, amount: measured.amount }
    : { threshold, members: [...new Set(measured.values)].map(hash) };
}

function answersOf(
  asks: readonly ThresholdAsk[],
  { actorBlock, outcomes }: ThresholdConclusion,
): ThresholdAnswers {
  return {
    blockedBy: actorBlock?.by,
    answers: asks.map(({ of }, index) => new Answer(of, outcomes[index] as ThresholdOutcome)),
  };
}

/** There is one for each rule of each request; what it says is worked out when somebody asks. */
class Answer implements ThresholdAnswer {
  readonly of: ThresholdAsk['of'];
  readonly #outcome: ThresholdOutcome;

  constructor(of: ThresholdAsk['of'], outcome: ThresholdOutcome) {
    this.of = of;
    this.#outcome = outcome;
  }

  get fires(): boolean {
    return this.#outcome.fired || this.#outcome.blockedUntilMs !== undefined;
  }

  get isNew(): boolean {
    return this.#outcome.isNew;
  }

  get learning(): boolean {
    return this.#outcome.learning;
  }

  text(): string {
    return textOf(this.#outcome);
  }
}

function textOf({ conditions, blockedUntilMs }: ThresholdOutcome): string {
  if (conditions.length === 0) {
    return blockedUntilMs === undefined
      ? 'nothing to count'
      : 'blocked for having been over the limit';
  }
  return conditions
    .map(({ condition, count, limit, learning }) => {
      const window = durationText(condition.windowMs);
      if (learning) return `${count} in ${window}, the mean is not known yet`;
      return `${count} of ${Math.round(limit * 10) / 10} in ${window}`;
    })
    .join(' and ');
}
