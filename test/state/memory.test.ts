import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import type { SyncStore } from '../../src/state/store.ts';
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

describe('a store that answers later', () => {
  runStoreContract(() => remoteStoreOf(memoryStore()));
  runOperationContract((bounds) => remoteStoreOf(memoryStore(bounds)));
});
