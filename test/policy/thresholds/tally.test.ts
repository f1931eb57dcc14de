// Thresholds that are one tally against the same ones taken apart: whoever asks must not see which it is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThresholdOutcome } from '../../../src/policy/thresholds/outcome.ts';
import { planThresholds } from '../../../src/policy/thresholds/plan.ts';
import {
  compileThreshold,
  type Threshold,
  type ThresholdAction,
} from '../../../src/policy/thresholds/threshold.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import { runBatch } from '../../../src/state/run-batch.ts';

const NOW = 1_700_000_000_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const apart = (threshold: Threshold): Threshold => ({ ...threshold, tally: undefined });

const action: fc.Arbitrary<ThresholdAction> = fc.oneof(
  fc.constantFrom('monitor' as const, 'testing' as const).map((kind) => ({ kind })),
  fc
    .constantFrom(1000, 5000, Infinity, 'window' as const)
    .map((forMs) => ({ kind: 'block' as const, forMs })),
);

const limit = fc.record({
  limit: fc.integer({ min: 0, max: 6 }),
  windowMs: fc.constantFrom(500, 2000),
});

const thresholds = fc
  .array(
    fc.record({
      conditions: fc.array(
        fc.oneof(
          { weight: 8, arbitrary: limit },
          {
            weight: 1,
            arbitrary: fc.constant({
              percentAbove: 20,
              windowMs: 500,
              baselineMs: 9000,
              minWindows: 2,
            }),
          },
        ),
        { minLength: 1, maxLength: 2, size: 'small' },
      ),
      scope: fc.record({ perUser: fc.boolean(), perEndpoint: fc.boolean() }),
      action,
      countsBlocked: fc.constantFrom(false, false, false, true),
      onStoreFailure: fc.constant('local' as const),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs) =>
    specs.map((spec, at) => compileThreshold({ ...spec, id: `rule ${at}`, measure: 'count' })),
  );

const requests = fc.array(
  fc.record({
    stepMs: fc.constantFrom(0, 1, 50, 499, 500, 2000, 6000),
    actor: fc.constantFrom('a', 'b'),
    endpoint: fc.constantFrom('GET /', 'GET /%'),
    mayBlock: fc.constantFrom(true, true, true, false),
    amounts: fc.array(fc.constantFrom(0, 1, 1, 1, 1, 3), { minLength: 6, maxLength: 6 }),
  }),
  { maxLength: 60 },
);

const shown = (outcome: ThresholdOutcome) => {
  const { fired, isNew, learning, count, conditions, blockedUntilMs } = outcome;
  return { fired, isNew, learning, count, limit: outcome.limit, conditions, blockedUntilMs };
};

describe('a threshold that is one tally', () => {
  it('decides as its operations apart do', () => {
    let tallied = 0;
    let fired = 0;
    fc.assert(
      fc.property(thresholds, requests, (rules, turns) => {
        const stores = [memoryStore(), memoryStore()] as const;
        let nowMs = NOW;
        for (const { stepMs, amounts, ...subject } of turns) {
          nowMs += stepMs;
          const ask = (store: (typeof stores)[number], of: (rule: Threshold) => Threshold) => {
            const hits = rules.map((rule, at) => ({ threshold: of(rule), amount: amounts[at]! }));
            const plan = planThresholds(hits, subject, nowMs);
            if (plan.operations.some(({ kind }) => kind === 'tally')) tallied++;
            return plan.conclude(runBatch(store, plan.operations, nowMs));
          };
          const one = ask(stores[0], (rule) => rule);
          const other = ask(stores[1], apart);
          expect(one.actorBlock).toEqual(other.actorBlock);
          expect(one.outcomes.map(shown)).toEqual(other.outcomes.map(shown));
          fired += one.outcomes.filter((outcome) => outcome.fired).length;
        }
      }),
      { numRuns: RUNS },
    );
    expect(tallied).toBeGreaterThan(RUNS);
    expect(fired).toBeGreaterThan(RUNS);
  });

  it('is one where it has one limit on a count, and blocks nobody or the actor', () => {
    const kinds = (['block', 'monitor'] as const).flatMap((kind) =>
      [true, false].map((perUser) => {
        const { tally } = compileThreshold({
          id: 'r',
          conditions: [{ limit: 1, windowMs: 1000 }],
          scope: { perUser, perEndpoint: true },
          measure: 'count',
          action: kind === 'block' ? { kind, forMs: 'window' } : { kind },
          onStoreFailure: 'local',
        });
        return [tally?.blocking !== undefined, tally?.watching !== undefined];
      }),
    );
    expect(kinds).toEqual([
      [true, true],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });
});
