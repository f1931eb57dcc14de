// A persistent collection inside one transaction: what the store had, and what the rules changed.
//
// Changes are kept as mutations, so that the store can apply them atomically to whatever value it has by
// then; two transactions that both add one end at two. However often a rule changes a variable, a few
// mutations say it all.

import { asciiLower } from '../base/ascii.ts';
import { leadingInteger } from '../base/integer.ts';
import type { Pair } from '../model/pair.ts';
import type { ExpiringCollection } from '../model/view.ts';
import type { CollectionId, Mutation, StoredCollection } from '../state/store.ts';
import { KeyedValues } from './collections.ts';

/** What the engine says of each collection. Rules may write over it, but only for their transaction. */
const ENGINE_KEYS: ReadonlySet<string> = new Set([
  'create_time',
  'is_new',
  'key',
  'last_update_time',
  'update_counter',
  'update_rate',
]);

export interface PersistentOptions {
  /** As rules know it: `SESSION`. */
  readonly name: string;
  readonly id: CollectionId;
  /** KEY; the store may know the collection by a digest of it. */
  readonly key: string;
  readonly stored: StoredCollection | undefined;
  readonly nowMs: number;
  readonly timeoutSeconds: number;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Updates per minute since creation; none while no time has passed (ModSecurity v2). */
function updateRate({ updates, createdMs }: StoredCollection, nowMs: number): number {
  const elapsed = seconds(nowMs) - seconds(createdMs);
  return elapsed > 0 ? Math.floor((60 * updates) / elapsed) : 0;
}

export class PersistentCollection implements ExpiringCollection {
  readonly name: string;
  readonly id: CollectionId;
  readonly #values = new KeyedValues();
  readonly #timeoutSeconds: number;
  readonly #updatedMs: number;
  readonly #changes = new Map<string, Mutation[]>();
  readonly #expiries = new Map<string, Mutation>();
  readonly #decayed = new Set<string>();

  constructor({ name, id, key, stored, nowMs, timeoutSeconds }: PersistentOptions) {
    this.name = name;
    this.id = id;
    this.#timeoutSeconds = timeoutSeconds;
    this.#updatedMs = stored?.updatedMs ?? nowMs;
    const values = this.#values;
    values.set('CREATE_TIME', String(seconds(stored?.createdMs ?? nowMs)));
    values.set('IS_NEW', stored === undefined ? '1' : '0');
    values.set('KEY', key);
    values.set('LAST_UPDATE_TIME', String(seconds(stored?.updatedMs ?? 0)));
    values.set('TIMEOUT', String(timeoutSeconds));
    values.set('UPDATE_COUNTER', String(stored?.updates ?? 0));
    values.set('UPDATE_RATE', String(stored === undefined ? 0 : updateRate(stored, nowMs)));
    for (const pair of stored?.variables ?? []) values.set(pair.key, pair.value);
  }

  get entries(): readonly Pair[] {
    return this.#values.entries;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  find(key: string): Pair | undefined {
    return this.#values.find(key);
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
    this.#replaceChanges({ kind: 'set', key, value });
  }

  unset(key: string): void {
    this.#values.unset(key);
    this.#expiries.delete(asciiLower(key));
    this.#replaceChanges({ kind: 'unset', key });
  }

  add(key: string, amount: number): void {
    this.#values.add(key, amount);
    const changes = this.#changesOf(key);
    const last = changes.at(-1);
    // A value that this transaction has set is known, so what follows is known too.
    if (last?.kind === 'set' || last?.kind === 'unset') this.#setToCurrent(key);
    else if (last?.kind === 'add') changes[changes.length - 1] = sumOf(last, amount);
    else changes.push({ kind: 'add', key, amount });
  }

  /** Elapsed time counts once: a second decay of the same variable in one transaction does nothing. */
  decay(key: string, amount: number, everyMs: number, nowMs: number): void {
    const lowerKey = asciiLower(key);
    const before = this.get(key);
    const steps = Math.floor((nowMs - this.#updatedMs) / everyMs);
    if (before === undefined || !(steps > 0) || this.#decayed.has(lowerKey)) return;
    const current = leadingInteger(before);
    const after = Math.max(0, current - amount * steps);
    // Without a change there is no update, or the clock of the decay would start anew.
    if (after === current) return;
    this.#decayed.add(lowerKey);
    this.#values.set(key, String(after));
    const changes = this.#changesOf(key);
    const last = changes.at(-1);
    if (last?.kind === 'set' || last?.kind === 'unset') this.#setToCurrent(key);
    else changes.push({ kind: 'decay', key, amount, everyMs });
  }

  expire(key: string, atMs: number): void {
    this.#expiries.set(asciiLower(key), { kind: 'expire', key, atMs });
  }

  /** How long the collection lives after an update; rules may set TIMEOUT. */
  get timeoutSeconds(): number {
    const timeout = this.get('TIMEOUT');
    return timeout === undefined ? this.#timeoutSeconds : leadingInteger(timeout);
  }

  /** What the store has to do. Empty: the rules changed nothing, and the collection is left alone. */
  get mutations(): readonly Mutation[] {
    return [...[...this.#changes.values()].flat(), ...this.#expiries.values()];
  }

  #changesOf(key: string): Mutation[] {
    const lowerKey = asciiLower(key);
    // A list that is not kept: the store never hears of the engine's own values.
    if (ENGINE_KEYS.has(lowerKey)) return [];
    const known = this.#changes.get(lowerKey);
    if (known !== undefined) return known;
    const changes: Mutation[] = [];
    this.#changes.set(lowerKey, changes);
    return changes;
  }

  #replaceChanges(mutation: Mutation): void {
    const changes = this.#changesOf(mutation.key);
    // A variable that was unset and set again has lost its pending expiry.
    const [first] = changes;
    changes.length = 0;
    if (first?.kind === 'unset' && mutation.kind === 'set') changes.push(first);
    changes.push(mutation);
  }

  #setToCurrent(key: string): void {
    this.#replaceChanges({ kind: 'set', key, value: this.get(key) ?? '' });
  }
}

type Add = Extract<Mutation, { readonly kind: 'add' }>;

/**
 * Two additions that each stop at zero, as one: it stops where the second would have left the first's floor.
 */
function sumOf({ kind, key, amount, least = 0 }: Add, more: number): Add {
  return { kind, key, amount: amount + more, least: Math.max(0, least + more) };
}
