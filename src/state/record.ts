// A collection as the embedded stores keep it, and what mutations do to it: the meaning of the contract,
// written once.

import { asciiLower } from '../base/ascii.ts';
import { leadingInteger } from '../base/integer.ts';
import { MAX_COLLECTION_BYTES, type Mutation, type StoredCollection } from './store.ts';

export interface StoredVariable {
  /** As first written. */
  readonly key: string;
  readonly value: string;
  /** Infinity: lives as long as the collection. */
  readonly expiresMs: number;
}

export interface CollectionRecord {
  readonly createdMs: number;
  updatedMs: number;
  updates: number;
  expiresMs: number;
  /** By lower-case key, in the order of their last writes. */
  readonly variables: Map<string, StoredVariable>;
}

/** The record while it lives; undefined when there is none or it has expired. */
export function liveRecord(
  record: CollectionRecord | undefined,
  nowMs: number,
): CollectionRecord | undefined {
  return record === undefined || record.expiresMs <= nowMs ? undefined : record;
}

/** What `load` answers with. */
export function readRecord(
  record: CollectionRecord | undefined,
  nowMs: number,
): StoredCollection | undefined {
  const live = liveRecord(record, nowMs);
  if (live === undefined) return undefined;
  const { createdMs, updatedMs, updates } = live;
  const variables = [...live.variables.values()]
    .filter(({ expiresMs }) => expiresMs > nowMs)
    .map(({ key, value }) => ({ key, value }));
  return { createdMs, updatedMs, updates, variables };
}

/** The record with the mutations applied; `record` itself when it lives, else a new one. */
export function applyMutations(
  record: CollectionRecord | undefined,
  mutations: readonly Mutation[],
  nowMs: number,
  expiresMs: number,
): CollectionRecord {
  const changed = liveRecord(record, nowMs) ?? {
    createdMs: nowMs,
    updatedMs: nowMs,
    updates: 0,
    expiresMs,
    variables: new Map(),
  };
  for (const [key, variable] of changed.variables) {
    if (variable.expiresMs <= nowMs) changed.variables.delete(key);
  }
  const sinceUpdateMs = Math.max(0, nowMs - changed.updatedMs);
  for (const mutation of mutations) applyMutation(changed.variables, mutation, sinceUpdateMs);
  keepWithinBounds(changed.variables);
  changed.updatedMs = Math.max(changed.updatedMs, nowMs);
  changed.updates++;
  changed.expiresMs = expiresMs;
  return changed;
}

function applyMutation(
  variables: Map<string, StoredVariable>,
  mutation: Mutation,
  sinceUpdateMs: number,
): void {
  const key = asciiLower(mutation.key);
  const before = variables.get(key);
  const write = (value: string): void => {
    variables.delete(key);
    const { key: written = mutation.key, expiresMs = Infinity } = before ?? {};
    variables.set(key, { key: written, value, expiresMs });
  };
  switch (mutation.kind) {
    case 'set':
      write(mutation.value);
      return;
    case 'unset':
      variables.delete(key);
      return;
    case 'add': {
      const sum = leadingInteger(before?.value ?? '') + mutation.amount;
      write(counterText(Math.max(mutation.least ?? 0, sum)));
      return;
    }
    case 'decay': {
      const steps = Math.floor(sinceUpdateMs / mutation.everyMs);
      if (before === undefined || !(steps > 0)) return;
      write(counterText(Math.max(0, leadingInteger(before.value) - mutation.amount * steps)));
      return;
    }
    case 'expire':
      if (before !== undefined) variables.set(key, { ...before, expiresMs: mutation.atMs });
  }
}

/** Counters stop where numbers stop being exact; they never wrap or turn into "1e+21". */
export function counterText(count: number): string {
  return String(Math.min(count, Number.MAX_SAFE_INTEGER));
}

function keepWithinBounds(variables: Map<string, StoredVariable>): void {
  let size = 0;
  for (const [key, { value }] of variables) size += key.length + value.length;
  for (const [key, { value }] of variables) {
    if (size <= MAX_COLLECTION_BYTES) return;
    variables.delete(key);
    size -= key.length + value.length;
  }
}
