// The embedded store: collections in the memory of this process, bounded in number.

import type { Pair } from '../model/pair.ts';
import type { CollectionId, Mutation, SyncStore } from './store.ts';

interface StoredCollection {
  readonly values: Map<string, string>;
  expiresMs: number;
}

export interface MemoryStoreOptions {
  /** Collections kept; the least recently written goes first. */
  readonly maxCollections?: number;
}

const DEFAULT_MAX_COLLECTIONS = 100_000;

function apply(values: Map<string, string>, mutation: Mutation): void {
  switch (mutation.kind) {
    case 'set':
      values.set(mutation.key, mutation.value);
      return;
    case 'unset':
      values.delete(mutation.key);
      return;
    case 'add': {
      const current = Number(values.get(mutation.key) ?? 0);
      const sum = (Number.isFinite(current) ? current : 0) + mutation.amount;
      values.set(mutation.key, String(Math.max(0, sum)));
    }
  }
}

export function memoryStore(options: MemoryStoreOptions = {}): SyncStore {
  const limit = options.maxCollections ?? DEFAULT_MAX_COLLECTIONS;
  const collections = new Map<string, StoredCollection>();
  const idOf = ({ name, key }: CollectionId): string => `${name}\0${key}`;

  return {
    mode: 'sync',
    load: (id, nowMs) => {
      const stored = collections.get(idOf(id));
      if (stored === undefined) return [];
      if (stored.expiresMs <= nowMs) {
        collections.delete(idOf(id));
        return [];
      }
      return [...stored.values].map(([key, value]): Pair => ({ key, value }));
    },
    apply: (id, mutations, nowMs, expiresMs) => {
      const place = idOf(id);
      const stored = collections.get(place);
      const values =
        stored === undefined || stored.expiresMs <= nowMs
          ? new Map<string, string>()
          : stored.values;
      for (const mutation of mutations) apply(values, mutation);
      // Deleted and set again: a Map's order is then the order of the last writes.
      collections.delete(place);
      collections.set(place, { values, expiresMs });
      if (collections.size > limit) {
        const oldest = collections.keys().next();
        if (!oldest.done) collections.delete(oldest.value);
      }
    },
    close: () => collections.clear(),
  };
}
