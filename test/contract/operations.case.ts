// What every state store promises about batches of operations. `make` gets the bounds that a test needs.

import { afterEach, describe, expect, it } from 'vitest';
import {
  CLOCK_TOLERANCE_MS,
  type ConsumeOperation,
  type LearnOperation,
  type ListAddOperation,
  type MarkOperation,
  type ObserveOperation,
  type ScoreOperation,
  type StateOperation,
  type StateResult,
} from '../../src/state/operations.ts';
import type { AsyncStore, SyncStore } from '../../src/state/store.ts';

export interface ContractBounds {
  readonly maxKeys?: number;
  readonly maxMarks?: number;
  readonly maxLists?: number;
  readonly maxListItems?: number;
}

type Store = SyncStore | AsyncStore;

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const consume = (given: Partial<ConsumeOperation> = {}): ConsumeOperation => ({
  kind: 'consume',
  key: 'k',
  windowMs: MINUTE,
  limit: 3,
  amount: 1,
  ...given,
});
const observe = (
  members: readonly string[],
  given: Partial<ObserveOperation> = {},
): ObserveOperation => ({
  kind: 'observe',
  key: 'k',
  windowMs: MINUTE,
  limit: 3,
  cap: 10,
  members,
  ...given,
});
const learn = (given: Partial<LearnOperation> = {}): LearnOperation => ({
  kind: 'learn',
  key: 'k',
  windowMs: MINUTE,
  periodMs: DAY,
  minWindows: 3,
  percentAbove: 20,
  amount: 1,
  ...given,
});
const mark = (untilMs: number, given: Partial<MarkOperation> = {}): MarkOperation => ({
  kind: 'mark',
  key: 'k',
  value: 'v',
  untilMs,
  ...given,
});
const score = (amount: number, given: Partial<ScoreOperation> = {}): ScoreOperation => ({
  kind: 'score',
  key: 'k',
  amount,
  decay: { halfLifeMs: MINUTE },
  cap: 100,
  limit: 50,
  ...given,
});
const listAdd = (item: string, given: Partial<ListAddOperation> = {}): ListAddOperation => ({
  kind: 'listAdd',
  list: 'l',
  item,
  ...given,
});
const peek = { kind: 'peek', key: 'k' } as const;
const unmark = { kind: 'unmark', key: 'k' } as const;
const listHas = (item: string) => ({ kind: 'listHas', list: 'l', item }) as const;
const listRemove = (item: string) => ({ kind: 'listRemove', list: 'l', item }) as const;
const listItems = { kind: 'listItems', list: 'l', limit: 100 } as const;

export function runOperationContract(
  make: (bounds: ContractBounds) => Store | Promise<Store>,
): void {
  describe('the contract of operations', () => {
    let open: Store | undefined;

    afterEach(async () => {
      await open?.close();
      open = undefined;
    });

    async function store(bounds: ContractBounds = {}): Promise<Store> {
      open ??= await make(bounds);
      return open;
    }

    async function run(atMs: number, ...operations: StateOperation[]) {
      return (await store()).run(operations, atMs);
    }

    /** The one result of one operation. */
    async function one(operation: StateOperation, atMs = NOW): Promise<StateResult> {
      return (await run(atMs, operation))[0]!;
    }

    it('answers a batch in order, and nothing for nothing', async () => {
      expect(await run(NOW)).toEqual([]);
      const results = await run(NOW, peek, consume(), mark(NOW + 1), peek, listItems);
      expect(results.map(({ kind, holds }) => [kind, holds])).toEqual([
        ['peek', false],
        ['consume', false],
        ['mark', true],
        ['peek', true],
        ['listItems', false],
      ]);
    });

    it('refuses a time that is no number', async () => {
      const target = await store();
      await expect((async () => target.run([consume()], Number.NaN))()).rejects.toThrow(TypeError);
    });

    it('keeps the kinds apart, and the keys', async () => {
      await run(
        NOW,
        consume(),
        observe(['a', 'b']),
        learn(),
        score(7),
        mark(NOW + 9),
        listAdd('k'),
      );
      const results = await run(
        NOW,
        consume({ amount: 0 }),
        observe([]),
        learn({ amount: 0 }),
        score(0),
        peek,
        consume({ key: 'other' }),
        { kind: 'peek', key: 'other' },
        { kind: 'listHas', list: 'k', item: 'k' },
      );
      expect(results).toMatchObject([
        { count: 1 },
        { count: 2 },
        { count: 1 },
        { score: 7 },
        { holds: true },
        { count: 1 },
        { holds: false },
        { holds: false },
      ]);
    });

    it('keeps counters of a key apart by their names', async () => {
      for (const name of ['', 'a', 'b', 'a']) {
        await run(
          NOW,
          consume({ name }),
          observe([name], { name }),
          learn({ name, baseline: 'all' }),
          score(5, { name }),
        );
      }
      const asked = (name: string) => [
        consume({ name, amount: 0 }),
        observe([], { name }),
        learn({ name, amount: 0 }),
        score(0, { name }),
      ];
      expect(await run(NOW, ...asked('a'))).toMatchObject([
        { count: 2 },
        { count: 1 },
        { count: 2 },
        { score: 10 },
      ]);
      expect(await run(NOW, ...asked('b'), consume({ amount: 0 }))).toMatchObject([
        { count: 1 },
        { count: 1 },
        { count: 1 },
        { score: 5 },
        { count: 1 },
      ]);
      const long = 'n'.repeat(3000);
      await run(NOW, consume({ name: long }), consume({ key: `k${long}`, name: '' }));
      expect(await one(consume({ name: long, amount: 0 }))).toMatchObject({ count: 1 });
    });

    it('counts under many names', async () => {
      const names = Array.from({ length: 100 }, (_, at) => `name ${at}`);
      for (let round = 0; round < 3; round++) {
        await run(NOW + round, ...names.map((name) => consume({ name })));
        await run(NOW + round, ...[...names].reverse().map((name) => consume({ name, limit: 9 })));
      }
      const counts = await run(NOW + 3, ...names.map((name) => consume({ name, amount: 0 })));
      expect(counts.every(({ holds }) => holds)).toBe(true);
      // Later ones come when the others have expired.
      const later = NOW + HOUR;
      await run(later, ...names.map((name) => consume({ name: `later ${name}` })));
      expect(await one(consume({ name: 'later name 7' }), later)).toMatchObject({ count: 2 });
      expect(await one(consume({ name: 'name 7' }), later)).toMatchObject({ count: 1 });
    });

    it('takes keys of every byte but NUL, and long ones', async () => {
      const bytes = Array.from({ length: 255 }, (_, at) => String.fromCharCode(at + 1)).join('');
      const long = 'x'.repeat(5000);
      const keys = [bytes, bytes.replace('\xff', '\xfe'), long, `${long}y`, long.slice(1), ''];
      await run(NOW, ...keys.map((key, at) => consume({ key, amount: at + 1, limit: 99 })));
      const counts = await run(NOW, ...keys.map((key) => consume({ key, amount: 0, limit: 99 })));
      expect(counts.map((result) => 'count' in result && result.count)).toEqual([1, 2, 3, 4, 5, 6]);
      await run(NOW, ...keys.map((key, at) => mark(NOW + at + 1, { key })));
      expect(await one({ kind: 'peek', key: long })).toMatchObject({ untilMs: NOW + 3 });
    });

    describe('consume', () => {
      it('holds when the count is more than the limit', async () => {
        const results = await run(NOW, consume(), consume(), consume(), consume());
        expect(results.map(({ holds }) => holds)).toEqual([false, false, false, true]);
        expect(results[3]).toMatchObject({ count: 4 });
      });

      it('counts an event until just before the window has passed', async () => {
        await run(NOW, consume(), consume());
        expect(await one(consume({ amount: 0 }), NOW + MINUTE - 1)).toMatchObject({ count: 2 });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE)).toMatchObject({ count: 0 });
      });

      it('slides', async () => {
        const counts: unknown[] = [];
        for (let at = 0; at < 8; at++) {
          counts.push(await one(consume({ limit: 10 }), NOW + at * 20_000));
        }
        expect(counts).toMatchObject([1, 2, 3, 3, 3, 3, 3, 3].map((count) => ({ count })));
      });

      it('says when the count is back at the limit', async () => {
        await one(consume());
        for (let at = 1; at <= 3; at++) await one(consume(), NOW + at * 1000);
        expect(await one(consume({ amount: 0 }), NOW + 5000)).toMatchObject({
          holds: true,
          overUntilMs: NOW + MINUTE,
        });
        expect(await one(consume(), NOW + 6000)).toMatchObject({
          overUntilMs: NOW + 1000 + MINUTE,
        });
        const later = NOW + 1000 + MINUTE;
        expect(await one(consume({ amount: 0 }), later - 1)).toMatchObject({ holds: true });
        expect(await one(consume({ amount: 0 }), later)).toMatchObject({
          holds: false,
          count: 3,
          overUntilMs: undefined,
        });
      });

      it('adds amounts', async () => {
        expect(await one(consume({ amount: 3 }))).toMatchObject({ holds: false, count: 3 });
        expect(await one(consume({ amount: 5 }), NOW + 1)).toMatchObject({ holds: true });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE)).toMatchObject({ holds: true });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE + 1)).toMatchObject({ count: 0 });
      });

      it('stays exact after a flood', async () => {
        for (let at = 0; at < 50; at++) await one(consume(), NOW + at * 100);
        expect(await one(consume({ amount: 0 }), NOW + 4600 + MINUTE - 1)).toMatchObject({
          holds: true,
        });
        expect(await one(consume({ amount: 0 }), NOW + 4600 + MINUTE)).toMatchObject({
          holds: false,
          count: 3,
        });
        expect(await one(consume({ amount: 0 }), NOW + 4700 + MINUTE)).toMatchObject({ count: 2 });
      });

      it('takes a limit of nought', async () => {
        expect(await one(consume({ limit: 0, amount: 0 }))).toMatchObject({ holds: false });
        expect(await one(consume({ limit: 0 }))).toMatchObject({ holds: true, count: 1 });
      });

      it('counts what comes with an earlier time as if it came at the latest', async () => {
        await one(consume());
        const back = NOW - CLOCK_TOLERANCE_MS;
        expect(await one(consume(), back)).toMatchObject({ count: 2 });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE - 1)).toMatchObject({ count: 2 });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE)).toMatchObject({ count: 0 });
      });

      it('goes on sliding after a clock was set back', async () => {
        await one(consume(), NOW + DAY);
        await one(consume(), NOW + DAY + 1000);
        expect(await one(consume(), NOW)).toMatchObject({ count: 3 });
        // The first came a second before the second, which now is as old as the third.
        expect(await one(consume({ amount: 0 }), NOW + MINUTE - 1001)).toMatchObject({ count: 3 });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE - 1000)).toMatchObject({ count: 2 });
        expect(await one(consume({ amount: 0 }), NOW + MINUTE)).toMatchObject({ count: 0 });
      });
    });

    describe('observe', () => {
      it('counts distinct members, and says how many were new', async () => {
        expect(await one(observe(['a', 'b', 'a']))).toMatchObject({ count: 2, added: 2 });
        expect(await one(observe(['b', 'c']))).toMatchObject({ holds: false, count: 3, added: 1 });
        expect(await one(observe(['d']))).toMatchObject({
          holds: true,
          count: 4,
          added: 1,
          exact: true,
        });
        expect(await one(observe(['d']))).toMatchObject({ count: 4, added: 0 });
      });

      it('counts a member until the window has passed since it was last seen', async () => {
        await one(observe(['a', 'b']));
        await one(observe(['a']), NOW + 1000);
        expect(await one(observe([]), NOW + MINUTE - 1)).toMatchObject({ count: 2 });
        expect(await one(observe([]), NOW + MINUTE)).toMatchObject({ count: 1 });
        expect(await one(observe([]), NOW + MINUTE + 1000)).toMatchObject({ count: 0 });
      });

      it('is exact up to the cap, and says when it estimates', async () => {
        const members = Array.from({ length: 10 }, (_, at) => `member ${at}`);
        expect(await one(observe(members))).toMatchObject({ count: 10, exact: true });
        const beyond = await one(observe(['one more']), NOW + 1);
        expect(beyond).toMatchObject({ holds: true, exact: false });
        expect(beyond.kind === 'observe' && beyond.count).toBeGreaterThan(10);
      });

      it('decides exactly on a limit below the cap, also when a flood wanes', async () => {
        for (let at = 0; at < 200; at++) await one(observe([`m${at}`]), NOW + at);
        expect(await one(observe([]), NOW + 196 + MINUTE - 1)).toMatchObject({
          holds: true,
          count: 4,
          exact: true,
        });
        expect(await one(observe([]), NOW + 196 + MINUTE)).toMatchObject({
          holds: false,
          count: 3,
        });
      });

      it('estimates what is beyond the cap', async () => {
        const big = { cap: 1024, limit: 20_000 };
        for (let from = 0; from < 20_000; from += 500) {
          const members = Array.from({ length: 500 }, (_, at) => `member-${from + at}`);
          await one(observe(members, big), NOW + from);
        }
        const all = await one(observe([], big), NOW + 20_000);
        const count = all.kind === 'observe' ? all.count : 0;
        expect(Math.abs(count - 20_000) / 20_000).toBeLessThan(0.15);
        // Half of them have gone.
        const half = await one(observe([], big), NOW + 9500 + MINUTE);
        const left = half.kind === 'observe' ? half.count : 0;
        expect(Math.abs(left - 10_000) / 10_000).toBeLessThan(0.2);
        expect(await one(observe([], big), NOW + 20_000 + MINUTE)).toMatchObject({
          count: 0,
          exact: true,
        });
      });

      it('does not mind a clock that is set back', async () => {
        await one(observe(['a']), NOW + DAY);
        expect(await one(observe(['b']), NOW)).toMatchObject({ count: 2 });
        expect(await one(observe([]), NOW + MINUTE)).toMatchObject({ count: 0 });
      });
    });

    describe('learn', () => {
      /** `counts[n]` events in the n-th minute. */
      async function minutes(counts: readonly number[], given: Partial<LearnOperation> = {}) {
        for (const [minute, amount] of counts.entries()) {
          await one(learn({ amount, ...given }), NOW + minute * MINUTE);
        }
      }

      it('is learning until enough windows are over', async () => {
        await minutes([100, 100, 100]);
        expect(await one(learn({ amount: 1000 }), NOW + 2 * MINUTE + 1)).toMatchObject({
          holds: false,
          state: 'learning',
          count: 1100,
        });
      });

      it('holds above the mean and so many per cent', async () => {
        await minutes([90, 110, 100]);
        const at = NOW + 3 * MINUTE;
        expect(await one(learn({ amount: 120 }), at)).toMatchObject({
          holds: false,
          state: 'learnt',
          mean: 100,
          limit: 120,
          count: 120,
        });
        expect(await one(learn(), at + 1)).toMatchObject({ holds: true, count: 121 });
      });

      it('does not let the current window change its own limit', async () => {
        await minutes([100, 100, 100]);
        const at = NOW + 3 * MINUTE;
        for (let more = 0; more < 50; more++) {
          expect(await one(learn({ amount: 100 }), at + more)).toMatchObject({ mean: 100 });
        }
      });

      it('learns what is above the limit as the limit', async () => {
        await minutes([100, 100, 100, 100_000]);
        expect(await one(learn(), NOW + 4 * MINUTE)).toMatchObject({ mean: 105 });
      });

      it('counts, and does not learn, what it is told not to learn', async () => {
        await minutes([100, 100, 100]);
        const at = NOW + 3 * MINUTE;
        expect(await one(learn({ amount: 110, learns: false }), at)).toMatchObject({ count: 110 });
        expect(await one(learn(), at + MINUTE)).toMatchObject({ mean: 100 });
      });

      it('learns nothing from silence', async () => {
        await one(learn({ amount: 100 }), NOW);
        await one(learn({ amount: 100 }), NOW + 3 * HOUR);
        await one(learn({ amount: 100 }), NOW + 6 * HOUR);
        expect(await one(learn(), NOW + 9 * HOUR)).toMatchObject({ state: 'learnt', mean: 100 });
      });

      it('forgets what lies before the period', async () => {
        await minutes([1000, 1000, 1000]);
        for (let minute = 0; minute < 4; minute++) {
          await one(learn({ amount: 10 }), NOW + DAY + HOUR + minute * MINUTE);
        }
        expect(await one(learn(), NOW + DAY + HOUR + 4 * MINUTE)).toMatchObject({
          state: 'learnt',
          mean: 10,
        });
      });

      it('shares a mean among keys, and counts each on its own', async () => {
        for (const [at, amount] of [80, 100, 120].entries()) {
          const key = `user ${at}`;
          await one(learn({ key, amount, baseline: 'all' }), NOW);
          await one(learn({ key, amount: 0, baseline: 'all' }), NOW + MINUTE);
        }
        const at = NOW + MINUTE + 1;
        const stranger = learn({ key: 'new', amount: 120, baseline: 'all' });
        expect(await one(stranger, at)).toMatchObject({ holds: false, mean: 100, count: 120 });
        expect(await one({ ...stranger, amount: 1 }, at)).toMatchObject({ holds: true });
      });

      it('takes the count of another operation', async () => {
        const values = (count: number) => Array.from({ length: count }, (_, at) => `v${at}`);
        const both = (count: number) =>
          [observe(values(count), { cap: 100 }), learn({ amount: { countOf: 0 } })] as const;
        for (const [minute, count] of [10, 10, 10].entries()) {
          await run(NOW + minute * MINUTE, ...both(count));
          // The same values again are no new ones.
          await run(NOW + minute * MINUTE + 1, ...both(count));
        }
        const at = NOW + 3 * MINUTE + 1;
        expect((await run(at, ...both(12)))[1]).toMatchObject({
          holds: false,
          mean: 10,
          count: 12,
        });
        expect((await run(at, ...both(13)))[1]).toMatchObject({ holds: true, count: 13 });
      });

      it('is skipped with the operation that it takes its count from', async () => {
        const results = await run(
          NOW,
          mark(NOW + 1),
          observe(['a'], { unless: [0] }),
          learn({ amount: { countOf: 1 } }),
        );
        expect(results.map(({ kind }) => kind)).toEqual(['mark', 'skipped', 'skipped']);
      });

      it('does not mind a clock that is set back', async () => {
        await minutes([100, 100, 100]);
        const back = NOW - 2 * DAY;
        expect(await one(learn(), back)).toMatchObject({ state: 'learning', count: 101 });
        expect(await one(learn(), back + MINUTE)).toMatchObject({ state: 'learnt', count: 1 });
      });
    });

    describe('mark, unmark, peek', () => {
      it('marks until just before the time', async () => {
        expect(await one(mark(NOW + 10))).toMatchObject({ holds: true, untilMs: NOW + 10 });
        expect(await one(peek, NOW + 9)).toMatchObject({
          holds: true,
          value: 'v',
          untilMs: NOW + 10,
        });
        expect(await one(peek, NOW + 10)).toMatchObject({ holds: false, value: '', untilMs: 0 });
      });

      it('says whether there was a mark before', async () => {
        expect(await one(mark(NOW + 10))).toMatchObject({ isNew: true });
        expect(await one(mark(NOW + 20), NOW + 9)).toMatchObject({ isNew: false });
        expect(await one(mark(NOW + 15), NOW + 9)).toMatchObject({ isNew: false });
        expect(await one(mark(NOW + 30), NOW + 20)).toMatchObject({ isNew: true });
        expect(await one(mark(NOW, { mode: 'replace' }))).toMatchObject({ isNew: false });
      });

      it('marks for ever', async () => {
        await one(mark(Infinity));
        expect(await one(peek, NOW + 1e12)).toMatchObject({ holds: true, untilMs: Infinity });
      });

      it('keeps the mark that lasts longer', async () => {
        await one(mark(NOW + 100, { value: 'long' }));
        expect(await one(mark(NOW + 50, { value: 'short' }))).toMatchObject({ value: 'long' });
        expect(await one(mark(NOW + 200, { value: 'longer' }))).toMatchObject({
          value: 'longer',
          untilMs: NOW + 200,
        });
      });

      it('replaces when asked to, also by nothing', async () => {
        await one(mark(Infinity));
        await one(mark(NOW + 50, { value: 'new', mode: 'replace' }));
        expect(await one(peek)).toMatchObject({ value: 'new', untilMs: NOW + 50 });
        expect(await one(mark(NOW, { mode: 'replace' }))).toMatchObject({ holds: false });
        expect(await one(peek)).toMatchObject({ holds: false });
      });

      it('removes marks, and says whether there was one', async () => {
        await one(mark(NOW + 10));
        expect(await one(unmark)).toMatchObject({ holds: true, value: 'v' });
        expect(await one(unmark)).toMatchObject({ holds: false });
        expect(await one(peek)).toMatchObject({ holds: false });
      });
    });

    describe('score', () => {
      it('adds up to the cap, and down to zero', async () => {
        expect(await one(score(30))).toMatchObject({ holds: false, score: 30 });
        expect(await one(score(30))).toMatchObject({ holds: true, score: 60 });
        expect(await one(score(300))).toMatchObject({ score: 100 });
        expect(await one(score(-1000))).toMatchObject({ holds: false, score: 0 });
      });

      it('halves with each half-life', async () => {
        await one(score(80));
        expect(await one(score(0), NOW + MINUTE)).toMatchObject({ score: 40 });
        expect(await one(score(5), NOW + 3 * MINUTE)).toMatchObject({ score: 15 });
        expect(await one(score(0), NOW + 3 * DAY)).toMatchObject({ score: 0 });
      });

      it('decays in a straight line', async () => {
        const decay = { perMs: 0.5 };
        await one(score(80, { decay }));
        expect(await one(score(0, { decay }), NOW + 100)).toMatchObject({ score: 30 });
        expect(await one(score(0, { decay }), NOW + 200)).toMatchObject({ score: 0 });
      });

      it('does not mind a clock that is set back', async () => {
        await one(score(80), NOW + DAY);
        expect(await one(score(0), NOW + DAY - 10)).toMatchObject({ score: 80 });
        expect(await one(score(0), NOW)).toMatchObject({ score: 80 });
        expect(await one(score(0), NOW + MINUTE)).toMatchObject({ score: 40 });
      });
    });

    describe('lists', () => {
      it('hold what was added until it is removed', async () => {
        expect(await one(listAdd('a'))).toMatchObject({ holds: true, untilMs: Infinity });
        expect(await one(listHas('a'), NOW + 1e12)).toMatchObject({ holds: true });
        expect(await one(listHas('b'))).toMatchObject({ holds: false });
        expect(await one(listRemove('a'))).toMatchObject({ holds: true });
        expect(await one(listRemove('a'))).toMatchObject({ holds: false });
        expect(await one(listHas('a'))).toMatchObject({ holds: false });
      });

      it('let items expire', async () => {
        await one(listAdd('a', { untilMs: NOW + 10 }));
        expect(await one(listHas('a'), NOW + 9)).toMatchObject({ holds: true, untilMs: NOW + 10 });
        expect(await one(listHas('a'), NOW + 10)).toMatchObject({ holds: false, untilMs: 0 });
        expect(await one(listItems, NOW + 10)).toMatchObject({ size: 0, items: [] });
      });

      it('extend an item, or replace its end', async () => {
        await one(listAdd('a', { untilMs: NOW + 10 }));
        await one(listAdd('a', { untilMs: NOW + 5 }));
        expect(await one(listHas('a'))).toMatchObject({ untilMs: NOW + 10 });
        await one(listAdd('a', { untilMs: NOW + 5, mode: 'replace' }));
        expect(await one(listHas('a'))).toMatchObject({ untilMs: NOW + 5 });
        await one(listAdd('a', { untilMs: NOW + 20 }));
        expect(await one(listItems, NOW + 10)).toMatchObject({ size: 1 });
      });

      it('show their items in order, page by page', async () => {
        const long = `m${'x'.repeat(2000)}`;
        for (const item of ['b\0', 'c', 'a', '\xff', 'b', long, '']) await one(listAdd(item));
        await one({ ...listAdd('elsewhere'), list: 'l2' });
        const first = await one({ ...listItems, limit: 4 });
        expect(first).toMatchObject({ size: 7, holds: true });
        expect(first.kind === 'listItems' && first.items.map(({ item }) => item)).toEqual([
          '',
          'a',
          'b',
          'b\0',
        ]);
        const second = await one({ ...listItems, after: 'b\0' });
        expect(second.kind === 'listItems' && second.items.map(({ item }) => item)).toEqual([
          'c',
          long,
          '\xff',
        ]);
        expect(await one({ ...listItems, after: '\xff' })).toMatchObject({ items: [] });
        expect(await one({ ...listItems, limit: 0 })).toMatchObject({ size: 7, items: [] });
      });

      it('take no more than their bound, and let none go for a new one', async () => {
        await store({ maxListItems: 2 });
        await one(listAdd('a'));
        await one(listAdd('b', { untilMs: NOW + 10 }));
        expect(await one(listAdd('c'))).toMatchObject({ holds: false, full: true });
        expect(await one(listAdd('b', { untilMs: NOW + 20 }))).toMatchObject({ holds: true });
        expect(await one(listAdd('c'), NOW + 20)).toMatchObject({ holds: true, full: false });
        expect(await one(listItems, NOW + 20)).toMatchObject({
          items: [{ item: 'a' }, { item: 'c' }],
        });
        await one(listRemove('a'));
        expect(await one(listAdd('d'))).toMatchObject({ holds: true });
      });

      it('are bounded in number', async () => {
        await store({ maxLists: 1 });
        await one(listAdd('a', { untilMs: NOW + 10 }));
        const other = { ...listAdd('a'), list: 'other' };
        expect(await one(other)).toMatchObject({ holds: false, full: true });
        expect(await one(other, NOW + 10)).toMatchObject({ holds: true });
      });
    });

    describe('gates', () => {
      it('run an operation when all that it names hold', async () => {
        const batch = [
          consume({ key: 'a', limit: 0 }),
          consume({ key: 'b', limit: 1 }),
          mark(NOW + 10, { when: [0, 1] }),
        ];
        expect((await run(NOW, ...batch))[2]).toEqual({ kind: 'skipped', holds: false });
        expect(await one(peek)).toMatchObject({ holds: false });
        expect((await run(NOW, ...batch))[2]).toMatchObject({ kind: 'mark', holds: true });
        expect(await one(peek)).toMatchObject({ holds: true });
      });

      it('run an operation unless one that it names holds', async () => {
        const batch = [peek, consume({ unless: [0] })];
        await run(NOW, ...batch);
        await one(mark(NOW + 10));
        expect((await run(NOW + 1, ...batch))[1]).toMatchObject({ kind: 'skipped' });
        expect((await run(NOW + 10, ...batch))[1]).toMatchObject({ count: 2 });
      });

      it('are shut by what did not run, and by what comes later', async () => {
        const results = await run(
          NOW,
          mark(NOW + 10, { when: [1] }),
          consume({ limit: 0 }),
          listAdd('a', { when: [0] }),
          listAdd('b', { unless: [0] }),
        );
        expect(results.map(({ kind }) => kind)).toEqual([
          'skipped',
          'consume',
          'skipped',
          'listAdd',
        ]);
      });
    });

    describe('bounds', () => {
      it('let counters go that were not used for long', async () => {
        await store({ maxKeys: 3 });
        for (const [at, key] of ['a', 'b', 'c', 'a', 'd'].entries()) {
          await one(consume({ key, limit: 99 }), NOW + at);
        }
        // Asked in this order: each question is a use.
        const counts = await run(
          NOW + 5,
          ...['a', 'd', 'c'].map((key) => consume({ key, amount: 0 })),
        );
        expect(counts).toMatchObject([{ count: 2 }, { count: 1 }, { count: 1 }]);
        expect(await one(consume({ key: 'b', amount: 0 }), NOW + 6)).toMatchObject({ count: 0 });
      });

      it('never let a flood of counters push out a mark or an item', async () => {
        await store({ maxKeys: 10 });
        await run(NOW, mark(NOW + DAY), listAdd('a'));
        for (let at = 0; at < 100; at++) await one(consume({ key: `flood ${at}` }));
        expect(await run(NOW, peek, listHas('a'))).toMatchObject([
          { holds: true },
          { holds: true },
        ]);
      });

      it('keep no more marks than allowed', async () => {
        await store({ maxMarks: 3 });
        for (let at = 0; at < 10; at++) await one(mark(NOW + 1000 + at, { key: `mark ${at}` }));
        const keys = Array.from({ length: 10 }, (_, at) => `mark ${at}`);
        const held = await run(NOW, ...keys.map((key) => ({ kind: 'peek', key }) as const));
        expect(held.map(({ holds }) => holds)).toEqual([
          ...Array.from({ length: 7 }, () => false),
          true,
          true,
          true,
        ]);
      });
    });

    it('loses no addition of those that come at the same time', async () => {
      await store();
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          await run(NOW, consume({ limit: 99 }), observe(['a']), score(1));
        }),
      );
      expect(await run(NOW, consume({ limit: 99, amount: 0 }), score(0))).toMatchObject([
        { count: 50 },
        { score: 50 },
      ]);
    });
  });
}
