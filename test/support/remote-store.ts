// The store of another machine, stood in for by one of this process: the same answers, later.

import type { AsyncStore, SyncStore } from '../../src/state/store.ts';

export function remoteStoreOf(store: SyncStore): AsyncStore {
  return {
    mode: 'async',
    load: async (id, nowMs) => store.load(id, nowMs),
    apply: async (...change) => store.apply(...change),
    run: async (operations, nowMs) => store.run(operations, nowMs),
    close: async () => store.close(),
  };
}
