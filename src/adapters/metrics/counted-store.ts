// A state store that tells of every call it does not answer.

import type { AsyncStore, SyncStore } from '../../state/store.ts';

export function countedSyncStore(store: SyncStore, onFailure: () => void): SyncStore {
  const told =
    <Args extends readonly unknown[], T>(call: (...args: Args) => T) =>
    (...args: Args): T => {
      try {
        return call(...args);
      } catch (error) {
        onFailure();
        throw error;
      }
    };
  return { ...store, load: told(store.load), apply: told(store.apply), run: told(store.run) };
}

export function countedAsyncStore(store: AsyncStore, onFailure: () => void): AsyncStore {
  const told =
    <Args extends readonly unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      try {
        return await call(...args);
      } catch (error) {
        onFailure();
        throw error;
      }
    };
  return { ...store, load: told(store.load), apply: told(store.apply), run: told(store.run) };
}
