// Two drivers for the same steps: one answers requests in place, the other awaits them.

import type { AsyncStore, CollectionId, Mutation, SyncStore } from '../state/store.ts';
import type { TransactionState } from './state.ts';
import type { Step } from './transaction.ts';

/** The store did not answer: an error of the engine, and the transaction goes on with a new collection. */
function storeFailed(state: TransactionState, error: unknown): void {
  state.fail('store-unavailable', error instanceof Error ? error.message : String(error));
}

export function driveSync<Result>(
  step: Step<Result>,
  state: TransactionState,
  store: SyncStore,
): Result {
  let turn = step.next();
  while (!turn.done) {
    let stored: ReturnType<SyncStore['load']>;
    try {
      stored = store.load(turn.value.id, state.nowMs());
    } catch (error) {
      storeFailed(state, error);
    }
    turn = step.next(stored);
  }
  return turn.value;
}

export async function driveAsync<Result>(
  step: Step<Result>,
  state: TransactionState,
  store: AsyncStore,
): Promise<Result> {
  let turn = step.next();
  while (!turn.done) {
    let stored: Awaited<ReturnType<AsyncStore['load']>>;
    try {
      stored = await store.load(turn.value.id, state.nowMs());
    } catch (error) {
      storeFailed(state, error);
    }
    turn = step.next(stored);
  }
  return turn.value;
}

interface Write {
  readonly id: CollectionId;
  readonly mutations: readonly Mutation[];
  readonly expiresMs: number;
}

function writes(state: TransactionState, nowMs: number): readonly Write[] {
  return state.openedCollections
    .map(({ id, mutations, timeoutSeconds }) => {
      return { id, mutations, expiresMs: nowMs + timeoutSeconds * 1000 };
    })
    .filter(({ mutations }) => mutations.length > 0);
}

/** Hands what the rules changed to the store. */
export function persistSync(state: TransactionState, store: SyncStore): void {
  const nowMs = state.nowMs();
  for (const { id, mutations, expiresMs } of writes(state, nowMs)) {
    try {
      store.apply(id, mutations, nowMs, expiresMs);
    } catch (error) {
      storeFailed(state, error);
    }
  }
}

/** All at once, so that a store far away takes one round trip. */
export async function persistAsync(state: TransactionState, store: AsyncStore): Promise<void> {
  const nowMs = state.nowMs();
  await Promise.all(
    writes(state, nowMs).map(async ({ id, mutations, expiresMs }) => {
      try {
        await store.apply(id, mutations, nowMs, expiresMs);
      } catch (error) {
        storeFailed(state, error);
      }
    }),
  );
}
