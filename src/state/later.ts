// A store in reach of this process, for those who wait for their answers anyway.

import { runBatch } from './run-batch.ts';
import type { AsyncStore, SyncStore } from './store.ts';

/** The same store; what it throws rejects. */
export function answersLater(store: SyncStore): AsyncStore {
  return {
    mode: 'async',
    load: async (id, nowMs) => store.load(id, nowMs),
    apply: async (id, mutations, nowMs, expiresMs) => store.apply(id, mutations, nowMs, expiresMs),
    run: async (operations, nowMs) => store.run(operations, nowMs),
    runBatch: async (operations, nowMs) => runBatch(store, operations, nowMs),
    close: async () => store.close(),
  };
}
