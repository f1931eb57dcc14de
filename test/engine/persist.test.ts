// What a transaction hands to the store has to mean the same as its changes one by one, whatever the
// store holds by then.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PersistentCollection } from '../../src/engine/persist.ts';
import { applyMutations, type CollectionRecord, readRecord } from '../../src/state/record.ts';
import type { Mutation } from '../../src/state/store.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const NOW = 1_700_000_000_000;
const END = NOW + 3_600_000;

const key = fc.constantFrom('a', 'B', 'b', 'c');
const change: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.constantFrom('', '7', 'x', '-3') }),
  fc.record({ kind: fc.constant('unset' as const), key }),
  fc.record({ kind: fc.constant('add' as const), key, amount: fc.integer({ min: -9, max: 9 }) }),
);
const changes = fc.array(change, { maxLength: 20 });

function collectionOver(record: CollectionRecord | undefined): PersistentCollection {
  return new PersistentCollection({
    name: 'IP',
    id: { name: 'IP', key: 'k' },
    key: 'k',
    stored: readRecord(record, NOW),
    nowMs: NOW,
    timeoutSeconds: 3600,
  });
}

function run(collection: PersistentCollection, list: readonly Mutation[]): void {
  for (const mutation of list) {
    if (mutation.kind === 'set') collection.set(mutation.key, mutation.value);
    else if (mutation.kind === 'unset') collection.unset(mutation.key);
    else if (mutation.kind === 'add') collection.add(mutation.key, mutation.amount);
  }
}

/** By lower-case key: which spelling came first may differ between two writers. */
function contents(record: CollectionRecord): Record<string, string> {
  return Object.fromEntries([...record.variables].map(([name, { value }]) => [name, value]));
}

const recordOf = (list: readonly Mutation[]): CollectionRecord =>
  applyMutations(undefined, list, NOW, END);

describe('PersistentCollection', () => {
  it('says in few mutations what its changes say one by one', () => {
    fc.assert(
      fc.property(changes, changes, changes, (before, meanwhile, own) => {
        const collection = collectionOver(recordOf(before));
        run(collection, own);
        const { mutations } = collection;
        expect(mutations.length).toBeLessThanOrEqual(2 * 3);
        const together = applyMutations(recordOf([...before, ...meanwhile]), mutations, NOW, END);
        const oneByOne = applyMutations(recordOf([...before, ...meanwhile]), own, NOW, END);
        expect(contents(together)).toEqual(contents(oneByOne));
      }),
      { numRuns: RUNS },
    );
  });

  it('shows its rules what the store will hold if nobody else writes', () => {
    fc.assert(
      fc.property(changes, changes, (before, own) => {
        const collection = collectionOver(recordOf(before));
        run(collection, own);
        const after = applyMutations(recordOf(before), collection.mutations, NOW, END);
        for (const name of ['a', 'b', 'c']) {
          expect(collection.get(name)).toBe(after.variables.get(name)?.value);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('asks for nothing when no rule changed it, or only what the engine says of it', () => {
    const collection = collectionOver(undefined);
    expect(collection.mutations).toEqual([]);
    collection.set('KEY', 'other');
    collection.add('update_counter', 5);
    collection.unset('IS_NEW');
    expect(collection.mutations).toEqual([]);
  });

  it('does not restart the clock of a decay that changes nothing', () => {
    const collection = collectionOver(recordOf([{ kind: 'set', key: 'n', value: '5' }]));
    collection.decay('n', 1, 60_000, NOW + 59_999);
    collection.decay('missing', 1, 60_000, NOW + 600_000);
    expect(collection.mutations).toEqual([]);
  });
});
