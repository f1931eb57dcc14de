// What every state store promises, whichever keeps the data. A store's own test calls runStoreContract.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AsyncStore,
  type CollectionId,
  MAX_COLLECTION_BYTES,
  type Mutation,
  type SyncStore,
} from '../../src/state/store.ts';

type Store = SyncStore | AsyncStore;

const IP: CollectionId = { name: 'IP', key: '192.0.2.1' };
const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

export function runStoreContract(make: () => Store | Promise<Store>): void {
  describe('the store contract', () => {
    let store: Store;

    beforeEach(async () => {
      store = await make();
    });

    afterEach(async () => {
      await store.close();
    });

    async function apply(mutations: readonly Mutation[], atMs = NOW, id = IP): Promise<void> {
      await store.apply(id, mutations, atMs, atMs + HOUR);
    }

    async function values(atMs = NOW, id = IP): Promise<Record<string, string>> {
      const stored = await store.load(id, atMs);
      return Object.fromEntries((stored?.variables ?? []).map(({ key, value }) => [key, value]));
    }

    it('knows nothing of a collection that never was', async () => {
      expect(await store.load(IP, NOW)).toBeUndefined();
    });

    it('keeps what is set', async () => {
      await apply([
        { kind: 'set', key: 'a', value: '1' },
        { kind: 'set', key: 'b', value: 'two' },
      ]);
      expect(await values()).toEqual({ a: '1', b: 'two' });
    });

    it('keeps every byte of keys and values', async () => {
      const bytes = Array.from({ length: 256 }, (_, at) => String.fromCharCode(at)).join('');
      const id = { name: 'SESSION', key: bytes };
      const unlike = { name: 'SESSION', key: bytes.replace('\xff', '\xfe') };
      await apply([{ kind: 'set', key: `k${bytes}`, value: bytes }], NOW, id);
      expect(Object.values(await values(NOW, id))).toEqual([bytes]);
      expect(await store.load(unlike, NOW)).toBeUndefined();
    });

    it('takes keys of 300 bytes', async () => {
      const id = { name: 'default_RESOURCE', key: '\xe9'.repeat(300) };
      await apply([{ kind: 'set', key: 'a', value: '1' }], NOW, id);
      expect(await values(NOW, id)).toEqual({ a: '1' });
    });

    it('keeps collections apart by name and by key', async () => {
      await apply([{ kind: 'set', key: 'a', value: '1' }]);
      expect(await store.load({ ...IP, name: 'USER' }, NOW)).toBeUndefined();
      expect(await store.load({ ...IP, key: '192.0.2.2' }, NOW)).toBeUndefined();
    });

    it('finds keys in any case and shows them as first written', async () => {
      await apply([{ kind: 'set', key: 'Count', value: '1' }]);
      await apply([{ kind: 'add', key: 'COUNT', amount: 1 }]);
      expect(await values()).toEqual({ Count: '2' });
      await apply([{ kind: 'unset', key: 'count' }]);
      expect(await values()).toEqual({});
    });

    it('says when the collection was created and updated, and how often', async () => {
      await apply([{ kind: 'set', key: 'a', value: '1' }]);
      await apply([{ kind: 'set', key: 'a', value: '2' }], NOW + 5000);
      expect(await store.load(IP, NOW + 9000)).toMatchObject({
        createdMs: NOW,
        updatedMs: NOW + 5000,
        updates: 2,
      });
    });

    it('adds to what is there, and to nothing', async () => {
      await apply([{ kind: 'add', key: 'n', amount: 3 }]);
      await apply([{ kind: 'add', key: 'n', amount: 4 }]);
      await apply([{ kind: 'set', key: 't', value: '5 and text' }]);
      await apply([{ kind: 'add', key: 't', amount: 1 }]);
      expect(await values()).toEqual({ n: '7', t: '6' });
    });

    it('adds no further than to zero, or to the given least', async () => {
      await apply([{ kind: 'add', key: 'a', amount: -5 }]);
      await apply([{ kind: 'add', key: 'b', amount: -5, least: 2 }]);
      expect(await values()).toEqual({ a: '0', b: '2' });
    });

    it('stops counters where numbers stop being exact', async () => {
      await apply([{ kind: 'set', key: 'n', value: '9'.repeat(40) }]);
      await apply([{ kind: 'add', key: 'n', amount: 1 }]);
      expect(await values()).toEqual({ n: String(Number.MAX_SAFE_INTEGER) });
    });

    it('loses no addition of those that come at the same time', async () => {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          await store.load(IP, NOW);
          await apply([{ kind: 'add', key: 'n', amount: 1 }]);
        }),
      );
      expect(await values()).toEqual({ n: '50' });
    });

    it('applies mutations in their order', async () => {
      await apply([
        { kind: 'set', key: 'a', value: '7' },
        { kind: 'add', key: 'a', amount: 2 },
        { kind: 'set', key: 'b', value: '7' },
        { kind: 'unset', key: 'b' },
        { kind: 'add', key: 'b', amount: 2 },
      ]);
      expect(await values()).toEqual({ a: '9', b: '2' });
    });

    it('lets a collection expire, and begins anew after it', async () => {
      await apply([{ kind: 'set', key: 'a', value: '1' }]);
      expect(await values(NOW + HOUR - 1)).toEqual({ a: '1' });
      expect(await store.load(IP, NOW + HOUR)).toBeUndefined();
      await apply([{ kind: 'add', key: 'b', amount: 1 }], NOW + HOUR);
      expect(await store.load(IP, NOW + HOUR)).toMatchObject({
        createdMs: NOW + HOUR,
        updates: 1,
        variables: [{ key: 'b', value: '1' }],
      });
    });

    it('lets a collection live longer with each update', async () => {
      await apply([{ kind: 'set', key: 'a', value: '1' }]);
      await apply([{ kind: 'set', key: 'b', value: '1' }], NOW + HOUR - 1);
      expect(await values(NOW + HOUR + 1)).toEqual({ a: '1', b: '1' });
    });

    it('lets a variable expire before its collection', async () => {
      await apply([
        { kind: 'set', key: 'a', value: '1' },
        { kind: 'set', key: 'b', value: '1' },
        { kind: 'expire', key: 'A', atMs: NOW + 60_000 },
      ]);
      expect(await values(NOW + 59_999)).toEqual({ a: '1', b: '1' });
      expect(await values(NOW + 60_000)).toEqual({ b: '1' });
      await apply([{ kind: 'add', key: 'a', amount: 1 }], NOW + 60_000);
      expect(await values(NOW + 90_000)).toEqual({ a: '1', b: '1' });
    });

    it('keeps the pending expiry of a variable that changes, not of one that was unset', async () => {
      await apply([
        { kind: 'set', key: 'a', value: '1' },
        { kind: 'set', key: 'b', value: '1' },
        { kind: 'expire', key: 'a', atMs: NOW + 60_000 },
        { kind: 'expire', key: 'b', atMs: NOW + 60_000 },
      ]);
      await apply([
        { kind: 'add', key: 'a', amount: 1 },
        { kind: 'unset', key: 'b' },
        { kind: 'set', key: 'b', value: '2' },
      ]);
      expect(await values(NOW + 60_000)).toEqual({ b: '2' });
    });

    it('does nothing for the expiry of a missing variable', async () => {
      await apply([{ kind: 'expire', key: 'a', atMs: NOW + 1 }]);
      await apply([{ kind: 'set', key: 'a', value: '1' }]);
      expect(await values(NOW + 2)).toEqual({ a: '1' });
    });

    it('decays by whole steps since the last update, down to zero', async () => {
      await apply([{ kind: 'set', key: 'n', value: '100' }]);
      const decay: Mutation = { kind: 'decay', key: 'n', amount: 10, everyMs: 60_000 };
      await apply([decay], NOW + 59_999);
      expect(await values(NOW + 59_999)).toEqual({ n: '100' });
      await apply([decay], NOW + 59_999 + 150_000);
      expect(await values(NOW + 300_000)).toEqual({ n: '80' });
      await apply([decay], NOW + 59_999 + 150_000 + HOUR - 1);
      expect(await values(NOW + HOUR)).toEqual({ n: '0' });
    });

    it('decays once when two transactions ask for the same stretch of time', async () => {
      await apply([{ kind: 'set', key: 'n', value: '100' }]);
      const decay: Mutation = { kind: 'decay', key: 'n', amount: 10, everyMs: 60_000 };
      await apply([decay], NOW + 60_000);
      await apply([decay], NOW + 60_000);
      expect(await values(NOW + 60_000)).toEqual({ n: '90' });
    });

    it('lets the variables written longest ago go when a collection grows too large', async () => {
      const half = 'x'.repeat(MAX_COLLECTION_BYTES / 2);
      await apply([
        { kind: 'set', key: 'first', value: '1' },
        { kind: 'set', key: 'second', value: half },
        { kind: 'set', key: 'first', value: '2' },
        { kind: 'set', key: 'third', value: half },
      ]);
      expect(Object.keys(await values()).sort()).toEqual(['first', 'third']);
    });

    it('does not mind a clock that runs back', async () => {
      await apply([{ kind: 'set', key: 'n', value: '5' }], NOW + HOUR);
      await apply([{ kind: 'decay', key: 'n', amount: 1, everyMs: 1000 }], NOW);
      expect(await values(NOW)).toEqual({ n: '5' });
    });
  });
}
