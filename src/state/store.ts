// The contract of a state store: what is shared between transactions changes by mutations only.
//
// A mutation is applied atomically to whatever value the store holds then. There is no way to write back a
// value that was read, so no update of another transaction or machine can be lost.

import type { Pair } from '../model/pair.ts';
import type { StateOperation, StateResult } from './operations.ts';
import type { BatchOperation, BatchResult } from './tally.ts';

/** Keys are found in any case and shown as first written. Numbers are read as atoi does. */
export type Mutation =
  /** A pending `expire` of the variable stays in force. */
  | { readonly kind: 'set'; readonly key: string; readonly value: string }
  | { readonly kind: 'unset'; readonly key: string }
  /** The result is at least `least`, by default 0. A missing variable counts as 0. */
  | {
      readonly kind: 'add';
      readonly key: string;
      readonly amount: number;
      readonly least?: number;
    }
  /** Takes off `amount` for each whole `everyMs` since the collection was last updated, down to 0. */
  | {
      readonly kind: 'decay';
      readonly key: string;
      readonly amount: number;
      readonly everyMs: number;
    }
  /** The variable is gone from `atMs` on, unless the collection goes first. Nothing when it is missing. */
  | { readonly kind: 'expire'; readonly key: string; readonly atMs: number };

export interface CollectionId {
  /** `IP`, `default_SESSION`, ... Holds no NUL. */
  readonly name: string;
  readonly key: string;
}

/** A collection as it was when it was read. */
export interface StoredCollection {
  readonly createdMs: number;
  readonly updatedMs: number;
  /** How often mutations have been applied to it. */
  readonly updates: number;
  readonly variables: readonly Pair[];
}

/**
 * A store in reach of this process: answers at once.
 *
 * `load` answers undefined for a collection that never was or has expired. `apply` applies all mutations
 * in order and as one, and lets the collection live until `expiresMs`. Variables are kept up to
 * `MAX_COLLECTION_BYTES` in sum; beyond that those that were written longest ago go.
 *
 * `run` runs a batch of the operations in `operations.ts`, in order, each atomically, and answers one
 * result for each, in order. An empty batch reaches no other machine.
 *
 * `runBatch` does the same and knows `tally`. A store without it is given plain operations.
 */
export interface SyncStore {
  readonly mode: 'sync';
  readonly load: (id: CollectionId, nowMs: number) => StoredCollection | undefined;
  readonly apply: (
    id: CollectionId,
    mutations: readonly Mutation[],
    nowMs: number,
    expiresMs: number,
  ) => void;
  readonly run: (operations: readonly StateOperation[], nowMs: number) => readonly StateResult[];
  readonly runBatch?: (
    operations: readonly BatchOperation[],
    nowMs: number,
  ) => readonly BatchResult[];
  readonly close: () => void;
}

/** A store elsewhere: answers later, and keeps the same promises. */
export interface AsyncStore {
  readonly mode: 'async';
  readonly load: (id: CollectionId, nowMs: number) => Promise<StoredCollection | undefined>;
  readonly apply: (
    id: CollectionId,
    mutations: readonly Mutation[],
    nowMs: number,
    expiresMs: number,
  ) => Promise<void>;
  readonly run: (
    operations: readonly StateOperation[],
    nowMs: number,
  ) => Promise<readonly StateResult[]>;
  readonly runBatch?: (
    operations: readonly BatchOperation[],
    nowMs: number,
  ) => Promise<readonly BatchResult[]>;
  readonly close: () => Promise<void>;
}

/** Far more than rules keep of one address; a rule that stores request data cannot fill the store. */
export const MAX_COLLECTION_BYTES = 65_536;
