// The records of operations against an obvious model: all events that ever came, looked through each time.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/state/lmdb.ts';
import { memoryStore } from '../../src/state/memory.ts';
import {
  CLOCK_TOLERANCE_MS,
  EXACT_ENTRIES,
  type StateOperation,
  type StateResult,
} from '../../src/state/operations.ts';
import type { SyncStore } from '../../src/state/store.ts';

const START = 1_700_000_000_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

interface Event {
  atMs: number;
  readonly amount: number;
  readonly members: readonly string[];
}

/** All events, and the clock of a record: what comes early comes now, unless the clock was set back. */
class Model {
  latestMs = -Infinity;
  readonly events: Event[] = [];

  add(nowMs: number, amount: number, members: readonly string[] = []): void {
    const backMs = this.latestMs - nowMs;
    if (backMs > CLOCK_TOLERANCE_MS) {
      this.latestMs -= backMs;
      for (const event of this.events) event.atMs -= backMs;
    }
    this.latestMs = Math.max(this.latestMs, nowMs);
    this.events.push({ atMs: this.latestMs, amount, members });
  }

  live(windowMs: number): readonly Event[] {
    return this.events.filter(({ atMs }) => atMs > this.latestMs - windowMs);
  }

  count(windowMs: number): number {
    return this.live(windowMs).reduce((sum, { amount }) => sum + amount, 0);
  }

  distinct(windowMs: number): number {
    return new Set(this.live(windowMs).flatMap(({ members }) => members)).size;
  }
}

/** Mostly small steps, some to the edge of a window, some back. */
const steps = (windowMs: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: Math.ceil(windowMs / 4) }) },
    { weight: 1, arbitrary: fc.constantFrom(windowMs - 1, windowMs, windowMs + 1) },
    { weight: 1, arbitrary: fc.integer({ min: -CLOCK_TOLERANCE_MS, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: -10 * windowMs - 100_000, max: 10 * windowMs }) },
  );

const scenario = fc
  .record({ windowMs: fc.constantFrom(7, 1000, 60_000), limit: fc.integer({ min: 0, max: 12 }) })
  .chain(({ windowMs, limit }) =>
    fc.record({
      windowMs: fc.constant(windowMs),
      limit: fc.constant(limit),
      turns: fc.array(
        fc.record({
          stepMs: steps(windowMs),
          amount: fc.oneof(
            { weight: 4, arbitrary: fc.constant(1) },
            fc.integer({ min: 0, max: 9 }),
          ),
          members: fc.array(fc.integer({ min: 0, max: 20 }).map(String), { maxLength: 4 }),
        }),
        { maxLength: 80 },
      ),
    }),
  );

describe('operations, against a list of all events', () => {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-model-'));
  let lmdb: SyncStore;
  let bounded: SyncStore;
  let keys = 0;

  beforeAll(() => {
    lmdb = lmdbStore({ path: join(root, 'a'), durable: false });
    bounded = lmdbStore({ path: join(root, 'b'), durable: false, maxListItems: 2 });
  });

  afterAll(() => {
    lmdb.close();
    bounded.close();
    rmSync(root, { recursive: true, force: true });
  });

  function eachStore(check: (store: SyncStore, key: string) => void): void {
    check(memoryStore(), 'k');
    check(lmdb, `k${keys++}`);
  }

  const one = (store: SyncStore, operation: StateOperation, nowMs: number): StateResult =>
    store.run([operation], nowMs)[0]!;

  it('counts windows exactly up to the limit, whatever the clock does', () => {
    fc.assert(
      fc.property(scenario, ({ windowMs, limit, turns }) => {
        eachStore((store, key) => {
          const model = new Model();
          let nowMs = START;
          for (const { stepMs, amount } of turns) {
            nowMs += stepMs;
            model.add(nowMs, amount);
            const expected = model.count(windowMs);
            const result = one(store, { kind: 'consume', key, windowMs, limit, amount }, nowMs);
            if (result.kind !== 'consume') throw new TypeError(result.kind);
            expect(result.holds).toBe(expected > limit);
            if (expected <= limit) expect(result.count).toBe(expected);
            else expect(result.count).toBeLessThanOrEqual(expected);
            if (!result.holds) continue;
            // Without further events it is over until just before the time it says.
            const oldest = result.overUntilMs! - windowMs;
            const later = model.live(windowMs).filter(({ atMs }) => atMs > oldest);
            expect(later.reduce((sum, event) => sum + event.amount, 0)).toBeLessThanOrEqual(limit);
            const then = model.live(windowMs).filter(({ atMs }) => atMs >= oldest);
            expect(then.reduce((sum, event) => sum + event.amount, 0)).toBeGreaterThan(limit);
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('counts distinct members exactly up to the cap, whatever the clock does', () => {
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 5 }), ({ windowMs, limit, turns }, room) => {
        eachStore((store, key) => {
          const model = new Model();
          const cap = limit + room;
          let nowMs = START;
          for (const { stepMs, members } of turns) {
            nowMs += stepMs;
            model.add(nowMs, 1, members);
            const expected = model.distinct(windowMs);
            const operation = { kind: 'observe', key, windowMs, limit, cap, members } as const;
            const result = one(store, operation, nowMs);
            if (result.kind !== 'observe') throw new TypeError(result.kind);
            expect(result.holds).toBe(expected > limit);
            expect(result.exact).toBe(expected <= cap);
            if (result.exact) expect(result.count).toBe(expected);
            // Below the least sample the estimate is still the number itself.
            else expect(result.count).toBe(expected);
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('learns the mean of the windows that are over', () => {
    const windows = fc.array(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(windows, (traffic) => {
        eachStore((store, key) => {
          const windowMs = 60_000;
          const learn = (amount: number, nowMs: number): StateResult =>
            one(
              store,
              {
                kind: 'learn',
                key,
                windowMs,
                periodMs: 86_400_000,
                minWindows: 3,
                percentAbove: 50,
                amount,
              },
              nowMs,
            );
          const learnt: number[] = [];
          for (const [index, amounts] of traffic.entries()) {
            const mean = learnt.reduce((sum, count) => sum + count, 0) / Math.max(1, learnt.length);
            const limit = (mean * 150) / 100;
            let count = 0;
            for (const [at, amount] of amounts.entries()) {
              count += amount;
              const result = learn(amount, START + 2 * index * windowMs + at);
              expect(result).toMatchObject({
                count,
                state: learnt.length < 3 ? 'learning' : 'learnt',
              });
              if (result.kind === 'learn') expect(result.mean).toBeCloseTo(mean, 6);
              expect(result.holds).toBe(learnt.length >= 3 && count > limit);
            }
            learnt.push(learnt.length < 3 ? count : Math.min(count, limit));
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('answers the same from memory and from disk, whatever the batch', () => {
    const key = fc.constantFrom('a', 'b');
    const gate = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 2 });
    const until = fc.integer({ min: -500, max: 3000 });
    const shape = fc.record({
      kind: fc.constantFrom(
        'consume',
        'observe',
        'learn',
        'mark',
        'unmark',
        'peek',
        'score',
        'listAdd',
        'listRemove',
        'listHas',
        'listItems',
      ),
      key,
      amount: fc.integer({ min: 0, max: 5 }),
      members: fc.array(fc.integer({ min: 0, max: 300 }).map(String), { maxLength: 40 }),
      until,
      mode: fc.constantFrom('extend' as const, 'replace' as const),
      when: gate,
      unless: gate,
      isGated: fc.integer({ min: 0, max: 4 }),
      item: fc.constantFrom('x', 'y', 'z'),
      learns: fc.boolean(),
    });
    // Records that have expired may be gone or not after a clock was set back.
    const forward = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
    );
    const jitterMs = fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: CLOCK_TOLERANCE_MS }) },
    );
    const batches = fc.array(
      fc.record({ stepMs: forward, jitterMs, shapes: fc.array(shape, { maxLength: 8 }) }),
      { maxLength: 25 },
    );
    const operationOf = (
      given: typeof shape extends fc.Arbitrary<infer Shape> ? Shape : never,
      prefix: string,
      nowMs: number,
    ): StateOperation => {
      const { amount, members, mode, item } = given;
      const gates = {
        ...(given.isGated === 1 && { when: given.when }),
        ...(given.isGated === 2 && { unless: given.unless }),
      };
      const name = `${prefix}${given.key}`;
      const untilMs = nowMs + given.until;
      switch (given.kind) {
        case 'consume':
          return { kind: 'consume', key: name, windowMs: 1000, limit: 6, amount, ...gates };
        case 'observe':
          return {
            kind: 'observe',
            key: name,
            windowMs: 1000,
            limit: 6,
            cap: 70,
            members,
            ...gates,
          };
        case 'learn':
          return {
            kind: 'learn',
            key: name,
            windowMs: 500,
            periodMs: 6000,
            minWindows: 2,
            percentAbove: 20,
            amount: amount === 5 ? { countOf: 0 } : amount,
            learns: given.learns,
            ...(amount === 4 && { baseline: `${prefix}all` }),
            ...gates,
          };
        case 'mark':
          return { kind: 'mark', key: name, value: item, untilMs, mode, ...gates };
        case 'score':
          return {
            kind: 'score',
            // A key has one decay: what has decayed to nothing under one may be gone.
            key: `${name} ${mode}`,
            amount: amount - 1,
            decay: mode === 'extend' ? { halfLifeMs: 700 } : { perMs: 0.01 },
            cap: 20,
            limit: 4,
            ...gates,
          };
        case 'listAdd':
          return { kind: 'listAdd', list: name, item, untilMs, mode, ...gates };
        case 'listRemove':
        case 'listHas':
          return { kind: given.kind, list: name, item, ...gates };
        case 'listItems':
          return { kind: 'listItems', list: name, limit: amount, ...gates };
        default:
          return { kind: given.kind, key: name, ...gates };
      }
    };
    fc.assert(
      fc.property(batches, (turns) => {
        const memory = memoryStore({ maxListItems: 2 });
        const prefix = `same ${keys++} `;
        let nowMs = START;
        for (const { stepMs, jitterMs: backMs, shapes } of turns) {
          nowMs += stepMs;
          const atMs = nowMs - backMs;
          const operations = shapes.map((given) => operationOf(given, prefix, atMs));
          expect(memory.run(operations, atMs)).toEqual(bounded.run(operations, atMs));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('never counts an event too long, however many there are', () => {
    const windowMs = 1000;
    const limit = 3 * EXACT_ENTRIES;
    const store = memoryStore();
    const model = new Model();
    // Eight events in each millisecond: more than are kept one by one.
    for (let at = 0; at < 3 * windowMs; at++) {
      model.add(START + at, 8);
      const operation = { kind: 'consume', key: 'k', windowMs, limit, amount: 8 } as const;
      const result = one(store, operation, START + at);
      expect(result.holds).toBe(model.count(windowMs) > limit);
    }
  });

  it('keeps within a 2048th of a window what it does not keep one by one', () => {
    const windowMs = 86_400_000;
    const store = memoryStore();
    const model = new Model();
    const toleranceMs = windowMs / EXACT_ENTRIES;
    for (let at = 0; at < 20_000; at++) {
      const nowMs = START + at * 10_007;
      model.add(nowMs, 1);
      const result = one(
        store,
        { kind: 'consume', key: 'k', windowMs, limit: 1e6, amount: 1 },
        nowMs,
      );
      if (at % 500 !== 0 || result.kind !== 'consume') continue;
      expect(result.count).toBeLessThanOrEqual(model.count(windowMs));
      expect(result.count).toBeGreaterThanOrEqual(model.count(windowMs - toleranceMs));
    }
  });
});
