// Runs a batch on whatever store there is: as it is, or in plain operations.

import type { AsyncStore, SyncStore } from './store.ts';
import { type BatchOperation, type BatchResult, plainBatch } from './tally.ts';

export function runBatch(
  store: SyncStore,
  operations: readonly BatchOperation[],
  nowMs: number,
): readonly BatchResult[] {
  if (store.runBatch !== undefined) return store.runBatch(operations, nowMs);
  const plain = plainBatch(operations);
  return plain.fold(store.run(plain.operations, nowMs));
}

export async function runBatchLater(
  store: AsyncStore,
  operations: readonly BatchOperation[],
  nowMs: number,
): Promise<readonly BatchResult[]> {
  if (store.runBatch !== undefined) return store.runBatch(operations, nowMs);
  const plain = plainBatch(operations);
  return plain.fold(await store.run(plain.operations, nowMs));
}
