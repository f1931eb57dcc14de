// The contract of a state store: what is shared between transactions changes by mutations only.
//
// A mutation is applied atomically to whatever value the store holds then. There is no way to write back a
// value that was read, so no update of another transaction or machine can be lost.

import type { Pair } from '../model/pair.ts';

export type Mutation =
  | { readonly kind: 'set'; readonly key: string; readonly value: string }
  | { readonly kind: 'unset'; readonly key: string }
  /** The result never falls below zero. */
  | { readonly kind: 'add'; readonly key: string; readonly amount: number };

export interface CollectionId {
  /** `IP`, `SESSION`, ... */
  readonly name: string;
  readonly key: string;
}

/** A store in reach of this process: answers at once. */
export interface SyncStore {
  readonly mode: 'sync';
  readonly load: (id: CollectionId, nowMs: number) => readonly Pair[];
  /** Applies all mutations and lets the collection live until `expiresMs`. */
  readonly apply: (
    id: CollectionId,
    mutations: readonly Mutation[],
    nowMs: number,
    expiresMs: number,
  ) => void;
  readonly close: () => void;
}

/** A store elsewhere: answers later. */
export interface AsyncStore {
  readonly mode: 'async';
  readonly load: (id: CollectionId, nowMs: number) => Promise<readonly Pair[]>;
  readonly apply: (
    id: CollectionId,
    mutations: readonly Mutation[],
    nowMs: number,
    expiresMs: number,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}
