import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
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

describe('a store that answers later', () => {
  runStoreContract(() => remoteStoreOf(memoryStore()));
  runOperationContract((bounds) => remoteStoreOf(memoryStore(bounds)));
});
