// The embedded store: collections, counters, marks and lists in the memory of this process, all bounded.

import { memorySlots } from './memory-slots.ts';
import { CLOCK_TOLERANCE_MS } from './operations.ts';
import { applyMutations, type CollectionRecord, readRecord } from './record.ts';
import { runOperations } from './run-operations.ts';
import type { CollectionId, SyncStore } from './store.ts';
import { MAX_TALLY_KEYS } from './tally.ts';

export interface MemoryStoreOptions {
  /** Collections kept; the least recently written goes first. */
  readonly maxCollections?: number;
  /** Keys of counters; the least recently used goes first, with all its counters. */
  readonly maxKeys?: number;
  /** About how much memory counters may take, in bytes. */
  readonly maxBytes?: number;
  /** Marks kept; the least recently used goes first. */
  readonly maxMarks?: number;
  readonly maxLists?: number;
  /** Items of one list. A full list takes no more. */
  readonly maxListItems?: number;
}

const DEFAULT_MAX_COLLECTIONS = 100_000;
const DEFAULT_BOUNDS = Object.freeze({
  maxKeys: 1_000_000,
  maxBytes: 512 * 1024 * 1024,
  maxMarks: 100_000,
  maxLists: 1000,
  maxListItems: 100_000,
});

export function memoryStore(options: MemoryStoreOptions = {}): SyncStore {
  const limit = options.maxCollections ?? DEFAULT_MAX_COLLECTIONS;
  const collections = new Map<string, CollectionRecord>();
  const slots = memorySlots({ ...DEFAULT_BOUNDS, ...options });
  // More than a batch of so many operations can add, so that what has expired goes faster than new keys come.
  const sweep = (operations: number, nowMs: number): void =>
    slots.sweep(nowMs - CLOCK_TOLERANCE_MS, operations + MAX_TALLY_KEYS);
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
    run: (operations, nowMs) => {
      const results = runOperations(slots, operations, nowMs);
      sweep(operations.length, nowMs);
      return results;
    },
    runBatch: (operations, nowMs) => {
      const results = runOperations(slots, operations, nowMs);
      sweep(operations.length, nowMs);
      return results;
    },
    close: () => {
      collections.clear();
      slots.clear();
    },
  };
}
