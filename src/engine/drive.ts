// Two drivers for the same steps: one answers requests in place, the other awaits them.

import type { Outside } from '../model/outside.ts';
import type { AsyncStore, CollectionId, Mutation, SyncStore } from '../state/store.ts';
import { askOutside } from './ask-outside.ts';
import type { TransactionState } from './state.ts';
import type { Step } from './transaction.ts';

/** The store did not answer: an error of the engine, and the transaction goes on with a new collection. */
function storeFailed(state: TransactionState, error: unknown): void {
  state.fail('store-unavailable', error instanceof Error ? error.message : String(error));
}

/** Questions to the outside take time: nobody answers them here, and the operator says what that means. */
export function driveSync<Result>(
  step: Step<Result>,
  state: TransactionState,
  store: SyncStore,
): Result {
  for (;;) {
    const turn = step.next();
    if (turn.done) return turn.value;
    if (turn.value.kind === 'outside') {
      state.answered(undefined);
      continue;
    }
    let stored: ReturnType<SyncStore['load']>;
    try {
      stored = store.load(turn.value.id, state.nowMs());
    } catch (error) {
      storeFailed(state, error);
    }
    state.collectionOpened(stored);
  }
}

export async function driveAsync<Result>(
  step: Step<Result>,
  state: TransactionState,
  store: AsyncStore,
  outside?: Outside,
): Promise<Result> {
  for (;;) {
    const turn = step.next();
    if (turn.done) return turn.value;
    if (turn.value.kind === 'outside') {
      const { question } = turn.value;
      state.answered(outside && (await askOutside(question, state, outside)));
      continue;
    }
    let stored: Awaited<ReturnType<AsyncStore['load']>>;
    try {
      stored = await store.load(turn.value.id, state.nowMs());
    } catch (error) {
      storeFailed(state, error);
    }
    state.collectionOpened(stored);
  }
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
