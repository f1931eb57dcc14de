// The embedded store: collections in the memory of this process, bounded in number.

import { applyMutations, type CollectionRecord, readRecord } from './record.ts';
import type { CollectionId, SyncStore } from './store.ts';

export interface MemoryStoreOptions {
  /** Collections kept; the least recently written goes first. */
  readonly maxCollections?: number;
}

const DEFAULT_MAX_COLLECTIONS = 100_000;

export function memoryStore(options: MemoryStoreOptions = {}): SyncStore {
  const limit = options.maxCollections ?? DEFAULT_MAX_COLLECTIONS;
  const collections = new Map<string, CollectionRecord>();
  const placeOf = ({ name, key }: CollectionId): string => `${name}\0${key}`;

  return {
    mode: 'sync',
    load: (id, nowMs) => {
      const place = placeOf(id);
      const stored = readRecord(collections.get(place), nowMs);
      if (stored === undefined) collections.delete(place);
      return stored;
    },
    apply: (id, mutations, nowMs, expiresMs) => {
      const place = placeOf(id);
      const record = applyMutations(collections.get(place), mutations, nowMs, expiresMs);
      // Deleted and set again: a Map's order is then the order of the last writes.
      collections.delete(place);
      collections.set(place, record);
      if (collections.size > limit) {
        const oldest = collections.keys().next();
        if (!oldest.done) collections.delete(oldest.value);
      }
    },
    close: () => collections.clear(),
  };
}
