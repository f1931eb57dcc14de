import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import type { SyncStore } from '../../src/state/store.ts';
import { subjectKey } from '../../src/state/subject-key.ts';
import { runOperationContract } from '../contract/operations.case.ts';
import { runStoreContract } from '../contract/store.case.ts';
import { remoteStoreOf } from '../support/remote-store.ts';

describe('memoryStore', () => {
  runStoreContract(() => memoryStore());
  runOperationContract((bounds) => memoryStore(bounds));

  it('lets the collection written longest ago go beyond its bound', () => {
    const store = memoryStore({ maxCollections: 2 });
    const write = (key: string): void =>
      store.apply({ name: 'IP', key }, [{ kind: 'add', key: 'n', amount: 1 }], 0, 1000);
    for (const key of ['a', 'b', 'a', 'c']) write(key);
    const kept = ['a', 'b', 'c'].filter((key) => store.load({ name: 'IP', key }, 0) !== undefined);
    expect(kept).toEqual(['a', 'c']);
    store.close();
  });
});

describe('the memory of counters', () => {
  const consume = (key: string, amount: number, limit = 10_000) =>
    ({ kind: 'consume', key, windowMs: 1000, limit, amount }) as const;
  const countOf = (store: SyncStore, key: string): number => {
    const [result] = store.run([consume(key, 0)], 0);
    return result?.kind === 'consume' ? result.count : -1;
  };

  it('is bounded in bytes, and lets what was used least recently go', () => {
    const store = memoryStore({ maxBytes: 50_000 });
    for (let at = 0; at < 1000; at++) {
      store.run([consume('always used', 1), consume(`key ${at}`, 1)], 0);
    }
    expect(countOf(store, 'always used')).toBe(1000);
    expect(countOf(store, 'key 999')).toBe(1);
    expect(countOf(store, 'key 0')).toBe(0);
    store.close();
  });

  it('keeps the one that is being used, however large', () => {
    const store = memoryStore({ maxBytes: 100 });
    for (let at = 0; at < 500; at++) store.run([consume('large', 1)], 0);
    expect(countOf(store, 'large')).toBe(500);
    store.run([consume('other', 1)], 0);
    expect(countOf(store, 'other')).toBe(1);
    expect(countOf(store, 'large')).toBe(0);
    store.close();
  });
});

describe('the order of use', () => {
  const MAX_KEYS = 5;
  const of = { windowMs: 1000, limit: 100 } as const;
  const mark = { markPrefix: 'm', markScope: 0, markValue: '', markMs: 1 } as const;
  const tallies = [1, 0].map((scope) => ({ scope, name: 'n', ...of, ...mark }));
  const turns = fc.array(
    fc.record({
      subject: fc.integer({ min: 0, max: 5 }).map(String),
      kind: fc.constantFrom('tally', 'consume', 'consume at a place', 'score'),
    }),
    { minLength: 100, maxLength: 200 },
  );

  it('decides which keys are forgotten, however they are asked for', () => {
    fc.assert(
      fc.property(turns, (all) => {
        const store = memoryStore({ maxKeys: MAX_KEYS });
        /** Counts by key, the key used last at the end. */
        const model = new Map<string, number>();
        const used = (key: string, amount: number): number => {
          const count = (model.get(key) ?? 0) + amount;
          model.delete(key);
          model.set(key, count);
          for (const oldest of model.keys()) if (model.size > MAX_KEYS) model.delete(oldest);
          return count;
        };
        for (const { subject, kind } of all) {
          const keys = [0, 1].map((scope) => subjectKey(scope, subject, 'GET /'));
          if (kind === 'tally') {
            const counts = [used(keys[1]!, 1), used(keys[0]!, 1)];
            const who = { subject, place: 'GET /', amount: 1, nowMs: 0 };
            const answer = store.runBatch?.([{ kind, tallies, ...who }], 0);
            expect(answer).toMatchObject([{ counts }]);
          } else if (kind === 'score') {
            used(keys[0]!, 0);
            const decay = { halfLifeMs: 1000 };
            store.run([{ kind, key: keys[0]!, amount: 1, decay, cap: 9 }], 0);
          } else {
            const key = keys[kind === 'consume' ? 0 : 1]!;
            const count = used(key, 1);
            const answer = store.run([{ kind: 'consume', key, name: 'n', ...of, amount: 1 }], 0);
            expect(answer).toMatchObject([{ count }]);
          }
        }
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
    );
  });
});

describe('a store that answers later', () => {
  runStoreContract(() => remoteStoreOf(memoryStore()));
  runOperationContract((bounds) => remoteStoreOf(memoryStore(bounds)));
});
