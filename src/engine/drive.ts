// Two drivers for the same steps: one answers requests in place, the other awaits them.

import type { AsyncStore, SyncStore } from '../state/store.ts';
import { PersistentCollection } from './persist.ts';
import type { CollectionRequest, TransactionState } from './state.ts';
import type { Step } from './transaction.ts';

/** Why the store could not answer; the transaction goes on with an empty collection and an error. */
function unavailable(
  state: TransactionState,
  { name, key }: CollectionRequest,
  error: unknown,
): PersistentCollection {
  state.fail('store-unavailable', error instanceof Error ? error.message : String(error));
  return new PersistentCollection(name, key, []);
}

export function driveSync<Result>(
  step: Step<Result>,
  state: TransactionState,
  store: SyncStore,
): Result {
  let turn = step.next();
  while (!turn.done) {
    const request = turn.value;
    let collection: PersistentCollection;
    try {
      const stored = store.load(request, state.nowMs());
      collection = new PersistentCollection(request.name, request.key, stored);
    } catch (error) {
      collection = unavailable(state, request, error);
    }
    turn = step.next(collection);
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
    const request = turn.value;
    let collection: PersistentCollection;
    try {
      const stored = await store.load(request, state.nowMs());
      collection = new PersistentCollection(request.name, request.key, stored);
    } catch (error) {
      collection = unavailable(state, request, error);
    }
    turn = step.next(collection);
  }
  return turn.value;
}

interface Write {
  readonly id: { readonly name: string; readonly key: string };
  readonly mutations: PersistentCollection['mutations'];
  readonly expiresMs: number;
}

function writes(state: TransactionState): readonly Write[] {
  const expiresMs = state.nowMs() + state.settings.collectionTimeoutSeconds * 1000;
  return state.openedCollections
    .map(({ name, key, mutations }) => ({ id: { name, key }, mutations, expiresMs }))
    .filter(({ mutations }) => mutations.length > 0);
}

/** Hands what the rules changed to the store. */
export function persistSync(state: TransactionState, store: SyncStore): void {
  for (const { id, mutations, expiresMs } of writes(state)) {
    try {
      store.apply(id, mutations, state.nowMs(), expiresMs);
    } catch (error) {
      state.fail('store-unavailable', error instanceof Error ? error.message : String(error));
    }
  }
}

export async function persistAsync(state: TransactionState, store: AsyncStore): Promise<void> {
  for (const { id, mutations, expiresMs } of writes(state)) {
    try {
      await store.apply(id, mutations, state.nowMs(), expiresMs);
    } catch (error) {
      state.fail('store-unavailable', error instanceof Error ? error.message : String(error));
    }
  }
}
