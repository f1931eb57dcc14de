// A persistent collection inside one transaction: what the store had, and what the rules changed.
//
// Changes are kept as mutations, so that the store can apply them atomically to whatever value it has by
// then; two transactions that both add one end at two.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import type { MutableCollection } from '../model/view.ts';
import type { Mutation } from '../state/store.ts';
import { KeyedValues } from './collections.ts';

export class PersistentCollection implements MutableCollection {
  readonly name: string;
  readonly key: string;
  readonly #values = new KeyedValues();
  readonly #before = new Map<string, string>();
  readonly #touched = new Set<string>();

  constructor(name: string, key: string, stored: readonly Pair[]) {
    this.name = name;
    this.key = key;
    for (const pair of stored) {
      this.#values.set(pair.key, pair.value);
      this.#before.set(asciiLower(pair.key), pair.value);
    }
  }

  get entries(): readonly Pair[] {
    return this.#values.entries;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
    this.#touched.add(asciiLower(key));
  }

  unset(key: string): void {
    this.#values.unset(key);
    this.#touched.add(asciiLower(key));
  }

  /** What the store has to do: numbers as differences, texts as values, deletions. */
  get mutations(): readonly Mutation[] {
    const mutations: Mutation[] = [];
    for (const key of this.#touched) {
      const before = this.#before.get(key);
      const after = this.#values.get(key);
      if (after === undefined) {
        if (before !== undefined) mutations.push({ kind: 'unset', key });
      } else if (isCounter(after) && (before === undefined || isCounter(before))) {
        const amount = Number(after) - Number(before ?? 0);
        if (amount !== 0 || before === undefined) mutations.push({ kind: 'add', key, amount });
      } else if (after !== before) mutations.push({ kind: 'set', key, value: after });
    }
    return mutations;
  }
}

function isCounter(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
