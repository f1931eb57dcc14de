import { describe, expect, it } from 'vitest';
import { actorBlockKey } from '../../../src/policy/thresholds/keys.ts';
import type {
  ThresholdConclusion,
  ThresholdOutcome,
} from '../../../src/policy/thresholds/outcome.ts';
import {
  planThresholds,
  type ThresholdHit,
  type ThresholdSubject,
} from '../../../src/policy/thresholds/plan.ts';
import {
  compileThreshold,
  type Threshold,
  type ThresholdSpec,
} from '../../../src/policy/thresholds/threshold.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import { runBatch, runBatchLater } from '../../../src/state/run-batch.ts';
import type { AsyncStore, SyncStore } from '../../../src/state/store.ts';
import { plainBatch } from '../../../src/state/tally.ts';
import { remoteStoreOf } from '../../support/remote-store.ts';

const NOW = 1_700_000_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

function threshold(given: Partial<ThresholdSpec> = {}): Threshold {
  return compileThreshold({
    id: 'rate-limit/login',
    conditions: [{ limit: 50, windowMs: 5 * MINUTE }],
    scope: { perUser: true, perEndpoint: false },
    measure: 'count',
    action: { kind: 'monitor' },
    onStoreFailure: 'local',
    ...given,
  });
}

const ACROSS = { perUser: false, perEndpoint: false } as const;

for (const [name, make] of [
  ['at once', () => memoryStore()],
  ['later', () => remoteStoreOf(memoryStore())],
] satisfies [string, () => SyncStore | AsyncStore][]) {
  describe(`thresholds on a store that answers ${name}`, () => {
    function counting() {
      const store = make();
      let calls = 0;
      async function ask(
        hits: readonly ThresholdHit[],
        atMs: number,
        subject: Partial<ThresholdSubject> = {},
      ): Promise<ThresholdConclusion> {
        const plan = planThresholds(hits, { actor: 'u', endpoint: 'GET /', ...subject }, atMs);
        calls++;
        const results =
          store.mode === 'sync'
            ? runBatch(store, plan.operations, atMs)
            : await runBatchLater(store, plan.operations, atMs);
        return plan.conclude(results);
      }
      async function hit(
        rule: Threshold,
        atMs: number,
        subject: Partial<ThresholdSubject> = {},
        amount = 1,
      ): Promise<ThresholdOutcome> {
        return (await ask([{ threshold: rule, amount }], atMs, subject)).outcomes[0]!;
      }
      async function show(rule: Threshold, members: readonly string[], atMs: number) {
        return (await ask([{ threshold: rule, members }], atMs)).outcomes[0]!;
      }
      return { store, ask, hit, show, calls: () => calls };
    }

    it('lets 50 requests of a user by in 5 minutes, and fires at the 51st', async () => {
      const { hit } = counting();
      const rule = threshold();
      for (let at = 0; at < 50; at++) {
        expect(await hit(rule, NOW + at * SECOND)).toMatchObject({ fired: false, count: at + 1 });
      }
      expect(await hit(rule, NOW + 50 * SECOND)).toMatchObject({
        fired: true,
        isNew: true,
        count: 51,
        limit: 50,
        blockedUntilMs: undefined,
      });
      expect(await hit(rule, NOW + 50 * SECOND, { actor: 'another' })).toMatchObject({ count: 1 });
    });

    it('counts a request until just before the window has passed', async () => {
      const { hit } = counting();
      const rule = threshold();
      for (let at = 0; at < 50; at++) await hit(rule, NOW + at);
      const sweeper = counting();
      for (let at = 0; at < 50; at++) await sweeper.hit(rule, NOW + at);
      expect(await hit(rule, NOW + 5 * MINUTE - 1)).toMatchObject({ fired: true });
      expect(await sweeper.hit(rule, NOW + 5 * MINUTE)).toMatchObject({ fired: false, count: 50 });
    });

    it('fires at the 101st request in a minute across users, whoever sends it', async () => {
      const { hit } = counting();
      const rule = threshold({ scope: ACROSS, conditions: [{ limit: 100, windowMs: MINUTE }] });
      for (let at = 0; at < 100; at++) {
        const outcome = await hit(rule, NOW + at * 100, { actor: `user ${at % 5}` });
        expect(outcome.fired).toBe(false);
      }
      expect(await hit(rule, NOW + 10_000, { actor: 'a sixth' })).toMatchObject({
        fired: true,
        count: 101,
      });
    });

    it('fires at 121 for 20 % above a mean of 100 in 5 minutes', async () => {
      const { hit } = counting();
      const windowMs = 5 * MINUTE;
      const rule = threshold({
        conditions: [{ percentAbove: 20, windowMs, baselineMs: DAY, minWindows: 12 }],
      });
      for (let window = 0; window < 12; window++) {
        for (let at = 0; at < 100; at++) {
          const outcome = await hit(rule, NOW + window * windowMs + at * 3000);
          expect(outcome).toMatchObject({ fired: false, learning: true });
        }
      }
      const start = NOW + 12 * windowMs;
      // The last event of the window before is still in the sliding window for three seconds less.
      for (let at = 0; at < 120; at++) {
        const outcome = await hit(rule, start + 297 * SECOND + at);
        expect(outcome).toMatchObject({ fired: false, learning: false, count: at + 1, limit: 120 });
      }
      expect(await hit(rule, start + 297 * SECOND + 120)).toMatchObject({
        fired: true,
        count: 121,
      });
    });

    it('fires at the 11th distinct value in 5 minutes, and repeats count once', async () => {
      const { show } = counting();
      const rule = threshold({
        measure: 'distinct',
        conditions: [{ limit: 10, windowMs: 5 * MINUTE }],
      });
      for (let at = 0; at < 100; at++) {
        const outcome = await show(rule, [`value ${at % 10}`], NOW + at);
        expect(outcome).toMatchObject({ fired: false, count: Math.min(10, at + 1) });
      }
      expect(await show(rule, ['value 10'], NOW + 100)).toMatchObject({ fired: true, count: 11 });
    });

    it('compares distinct values with their mean', async () => {
      const { show } = counting();
      const rule = threshold({
        measure: 'distinct',
        conditions: [{ percentAbove: 50, windowMs: MINUTE, baselineMs: DAY, minWindows: 3 }],
      });
      const values = (count: number) => Array.from({ length: count }, (_, at) => `v${at}`);
      for (let window = 0; window < 3; window++) {
        expect(await show(rule, values(10), NOW + window * MINUTE)).toMatchObject({
          learning: true,
          fired: false,
        });
      }
      expect(await show(rule, values(15), NOW + 3 * MINUTE)).toMatchObject({
        learning: false,
        fired: false,
        count: 15,
        limit: 15,
      });
      expect(await show(rule, values(16), NOW + 3 * MINUTE)).toMatchObject({ fired: true });
    });

    it('counts by user and endpoint as the scope says', async () => {
      const table = [
        [true, true, 1],
        [true, false, 2],
        [false, true, 2],
        [false, false, 4],
      ] as const;
      for (const [perUser, perEndpoint, count] of table) {
        const { hit } = counting();
        const rule = threshold({ scope: { perUser, perEndpoint } });
        let last: ThresholdOutcome | undefined;
        for (const actor of ['a', 'b']) {
          for (const endpoint of ['x', 'y']) last = await hit(rule, NOW, { actor, endpoint });
        }
        expect(last?.count).toBe(count);
      }
    });

    it('asks for all conditions', async () => {
      const { hit } = counting();
      const rule = threshold({
        conditions: [
          { limit: 2, windowMs: SECOND },
          { limit: 4, windowMs: MINUTE },
        ],
        action: { kind: 'block', forMs: 'window' },
      });
      const fired: boolean[] = [];
      for (const at of [0, 1, 2, 1500, 3000, 3001, 3002]) {
        fired.push((await hit(rule, NOW + at)).fired);
      }
      // At 2 the long one does not hold, at 3000 the short one does not.
      expect(fired).toEqual([false, false, false, false, false, false, true]);
    });

    describe('that block', () => {
      const blocking = (given: Partial<ThresholdSpec> = {}): Threshold =>
        threshold({
          conditions: [{ limit: 1, windowMs: MINUTE }],
          action: { kind: 'block', forMs: 10 * MINUTE },
          ...given,
        });

      it('block the actor for as long as they say, everywhere', async () => {
        const { ask, hit } = counting();
        const rule = blocking();
        await hit(rule, NOW);
        const untilMs = NOW + 1 + 10 * MINUTE;
        expect(await hit(rule, NOW + 1)).toMatchObject({
          fired: true,
          isNew: true,
          blockedUntilMs: untilMs,
        });
        const elsewhere = { endpoint: 'elsewhere' };
        expect((await ask([], untilMs - 1, elsewhere)).actorBlock).toEqual({
          by: 'rate-limit/login',
          untilMs,
        });
        expect((await ask([], untilMs, elsewhere)).actorBlock).toBeUndefined();
        expect((await ask([], NOW + 2, { actor: 'another' })).actorBlock).toBeUndefined();
      });

      it('do not count who is blocked, so that a block ends when it says', async () => {
        const { hit } = counting();
        const rule = blocking({ action: { kind: 'block', forMs: 'window' } });
        await hit(rule, NOW);
        await hit(rule, NOW);
        for (let at = 1; at < 60; at++) {
          expect(await hit(rule, NOW + at * SECOND)).toMatchObject({
            fired: false,
            conditions: [],
          });
        }
        expect(await hit(rule, NOW + MINUTE)).toMatchObject({ fired: false, count: 1 });
      });

      it('count who is blocked when asked to, so that who goes on stays blocked', async () => {
        const { ask, hit } = counting();
        const rule = blocking({ action: { kind: 'block', forMs: 'window' }, countsBlocked: true });
        const news: boolean[] = [];
        for (let at = 0; at < 60; at++) news.push((await hit(rule, NOW + at * SECOND)).isNew);
        expect(news.filter((isNew) => isNew)).toHaveLength(1);
        expect((await ask([], NOW + MINUTE)).actorBlock?.untilMs).toBe(NOW + 59 * SECOND + MINUTE);
      });

      it('block for ever', async () => {
        const { ask, hit } = counting();
        const rule = blocking({ action: { kind: 'block', forMs: Infinity } });
        await hit(rule, NOW);
        await hit(rule, NOW);
        expect((await ask([], NOW + 1000 * DAY)).actorBlock?.untilMs).toBe(Infinity);
      });

      it('block everybody in their scope when they count across users', async () => {
        const { ask, hit } = counting();
        const rule = blocking({ scope: { perUser: false, perEndpoint: true } });
        await hit(rule, NOW, { actor: 'a' });
        const untilMs = NOW + 10 * MINUTE;
        expect(await hit(rule, NOW, { actor: 'b' })).toMatchObject({
          fired: true,
          blockedUntilMs: untilMs,
        });
        const later = NOW + 2 * MINUTE;
        expect(await hit(rule, later, { actor: 'c' })).toMatchObject({
          fired: false,
          blockedUntilMs: untilMs,
          conditions: [],
        });
        expect(await hit(rule, later, { endpoint: 'elsewhere' })).toMatchObject({
          blockedUntilMs: undefined,
        });
        expect((await ask([], later, { actor: 'b' })).actorBlock).toBeUndefined();
        // Nothing to count, and blocked all the same.
        expect(await hit(rule, later, { actor: 'd' }, 0)).toMatchObject({
          blockedUntilMs: untilMs,
        });
      });

      it('never block who may not be blocked, and go on counting', async () => {
        const { ask, hit } = counting();
        const rule = blocking();
        const inside = { mayBlock: false };
        await hit(rule, NOW, inside);
        expect(await hit(rule, NOW, inside)).toMatchObject({
          fired: true,
          isNew: true,
          blockedUntilMs: undefined,
        });
        expect(await hit(rule, NOW + 1, inside)).toMatchObject({ fired: true, isNew: false });
        expect((await ask([], NOW + 2)).actorBlock).toBeUndefined();
      });

      it('keep the longer of two blocks', async () => {
        const { ask } = counting();
        const short = blocking({ id: 'short', action: { kind: 'block', forMs: MINUTE } });
        const long = blocking({ id: 'long', action: { kind: 'block', forMs: DAY } });
        const hits = [
          { threshold: long, amount: 2 },
          { threshold: short, amount: 2 },
        ];
        const { outcomes } = await ask(hits, NOW);
        expect(outcomes.map(({ isNew }) => isNew)).toEqual([true, true]);
        expect((await ask([], NOW)).actorBlock).toEqual({ by: 'long', untilMs: NOW + DAY });
      });

      it('never block while they watch only', async () => {
        for (const kind of ['monitor', 'testing'] as const) {
          const { ask, hit } = counting();
          const rule = blocking({ action: { kind } });
          const news: boolean[] = [];
          for (let at = 0; at < 5; at++) news.push((await hit(rule, NOW + at)).isNew);
          // A flood is new once.
          expect(news).toEqual([false, true, false, false, false]);
          expect((await ask([], NOW + 5)).actorBlock).toBeUndefined();
        }
      });
    });

    it('does not learn from requests that the caller has blocked', async () => {
      const { hit } = counting();
      const rule = threshold({
        conditions: [{ percentAbove: 20, windowMs: MINUTE, baselineMs: DAY, minWindows: 3 }],
      });
      for (let window = 0; window < 3; window++) {
        await hit(rule, NOW + window * MINUTE, {}, 10);
        await hit(rule, NOW + window * MINUTE, { learns: false }, 1000);
      }
      expect(await hit(rule, NOW + 3 * MINUTE)).toMatchObject({ learning: false, limit: 12 });
    });

    it('compares a new user with all users when the mean is shared', async () => {
      const { hit } = counting();
      const rule = threshold({
        conditions: [
          { percentAbove: 20, windowMs: MINUTE, baselineMs: DAY, minWindows: 3, mean: 'shared' },
        ],
      });
      for (const actor of ['a', 'b', 'c']) {
        await hit(rule, NOW, { actor }, 10);
        await hit(rule, NOW + MINUTE, { actor });
      }
      expect(await hit(rule, NOW + MINUTE, { actor: 'new' }, 12)).toMatchObject({
        learning: false,
        fired: false,
        limit: 12,
      });
      expect(await hit(rule, NOW + MINUTE, { actor: 'new' })).toMatchObject({ fired: true });
    });

    it('asks the store once for any number of thresholds', async () => {
      const { ask, calls } = counting();
      const hits = Array.from({ length: 10 }, (_, at) => ({
        threshold: threshold({ id: `rule ${at}`, action: { kind: 'block', forMs: MINUTE } }),
        amount: at * 10,
      }));
      const { outcomes } = await ask(hits, NOW);
      expect(outcomes.map(({ count }) => count)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
      expect(outcomes.map(({ fired }) => fired)).toEqual(hits.map(({ amount }) => amount > 50));
      expect(calls()).toBe(1);
    });
  });
}

describe('keys of thresholds', () => {
  it('are different for different rules, scopes, users and endpoints', () => {
    const names = ['', 'a', 'b', 'ab', '1', '.1.a', 'a.1.b', '\0', '%00', 'a\0', '%', '0.', '%25'];
    const keys = new Set<string>();
    let planned = 0;
    for (const id of names) {
      for (const [perUser, perEndpoint] of [
        [true, true],
        [true, false],
        [false, true],
      ] as const) {
        const rule = threshold({
          id: `${id} ${perUser} ${perEndpoint}`,
          scope: { perUser, perEndpoint },
        });
        for (const actor of perUser ? names : ['']) {
          for (const endpoint of perEndpoint ? names : ['']) {
            const hits = [{ threshold: rule, amount: 1 }];
            const { operations } = planThresholds(hits, { actor, endpoint }, NOW);
            for (const operation of plainBatch(operations).operations.slice(1)) {
              if (!('key' in operation)) throw new TypeError(operation.kind);
              const { name: counter = '' } = operation as { readonly name?: string };
              expect(operation.key + counter).not.toContain('\0');
              keys.add(`${operation.kind}\0${operation.key}\0${counter}`);
              planned++;
            }
          }
        }
      }
    }
    expect(keys.size).toBe(planned);
    expect(new Set(names.map(actorBlockKey)).size).toBe(names.length);
  });
});

describe('thresholds whose store has failed', () => {
  it('do what each says', () => {
    const hits = (['allow', 'block', 'local'] as const).map((onStoreFailure) => ({
      threshold: threshold({ id: onStoreFailure, onStoreFailure }),
      amount: 51,
    }));
    const failure = planThresholds(hits, { actor: 'u', endpoint: 'e' }, NOW).onFailure();
    expect(failure.allow.map(({ spec }) => spec.id)).toEqual(['allow']);
    expect(failure.block.map(({ spec }) => spec.id)).toEqual(['block']);
    const local = failure.local;
    if (local === undefined) throw new TypeError('no plan');
    const { outcomes } = local.conclude(runBatch(memoryStore(), local.operations, NOW));
    expect(outcomes.map(({ threshold: { spec }, fired }) => [spec.id, fired])).toEqual([
      ['local', true],
    ]);
    const strict = planThresholds([hits[1]!], { actor: 'u', endpoint: 'e' }, NOW).onFailure();
    expect(strict.local).toBeUndefined();
  });

  it('refuse answers that belong to something else', () => {
    const plan = planThresholds(
      [{ threshold: threshold(), amount: 1 }],
      { actor: 'u', endpoint: 'e' },
      NOW,
    );
    const results = runBatch(memoryStore(), plan.operations, NOW);
    expect(() => plan.conclude(results.slice(0, 1))).toThrow(TypeError);
    expect(() => plan.conclude([])).toThrow(TypeError);
    expect(() => plan.conclude([...results].reverse())).toThrow(TypeError);
  });
});

describe('compileThreshold', () => {
  it('refuses what could never mean anything', () => {
    const dynamic = { percentAbove: 20, windowMs: MINUTE, baselineMs: DAY, minWindows: 1 };
    for (const conditions of [
      [],
      [{ limit: 1, windowMs: 0 }],
      [{ limit: -1, windowMs: 1 }],
      [{ limit: Number.NaN, windowMs: 1 }],
      [{ ...dynamic, percentAbove: -1 }],
      [{ ...dynamic, baselineMs: 1 }],
    ]) {
      expect(() => threshold({ conditions })).toThrow(TypeError);
    }
  });
});
