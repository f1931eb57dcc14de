// A store elsewhere that does not answer in time has failed: an exchange that waits for it would hold its
// client, its memory and its connection for as long as the other side likes.

import { runBatchLater } from './run-batch.ts';
import type { AsyncStore } from './store.ts';

/** The same store; what takes longer than `limitMs` rejects. The operation may still be carried out later. */
export function withDeadline(store: AsyncStore, limitMs: number): AsyncStore {
  return {
    mode: 'async',
    load: (id, nowMs) => within(store.load(id, nowMs), limitMs),
    apply: (id, mutations, nowMs, expiresMs) =>
      within(store.apply(id, mutations, nowMs, expiresMs), limitMs),
    run: (operations, nowMs) => within(store.run(operations, nowMs), limitMs),
    runBatch: (operations, nowMs) => within(runBatchLater(store, operations, nowMs), limitMs),
    close: () => store.close(),
  };
}

async function within<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the state store has not answered within ${limitMs} ms`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
