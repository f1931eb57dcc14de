// `tally` against the plain operations that it stands for.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/state/lmdb.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { runBatch, runBatchLater } from '../../src/state/run-batch.ts';
import type { SyncStore } from '../../src/state/store.ts';
import type { BatchOperation, Tally } from '../../src/state/tally.ts';
import { remoteStoreOf } from '../support/remote-store.ts';

const START = 1_700_000_000_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/** A store of somebody who has never heard of `tally`. */
function plain(store: SyncStore): SyncStore {
  const { mode, load, apply, run, close } = store;
  return { mode, load, apply, run, close };
}

const tallies: fc.Arbitrary<readonly Tally[]> = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom('a', 'b', 'c'),
    windowMs: fc.constantFrom(500, 1000),
    limit: fc.constantFrom(0, 2, 5, 5000),
    markPrefix: fc.constantFrom('', 'm'),
    markKey: fc.integer({ min: 0, max: 3 }),
    markValue: fc.constantFrom('', 'x', 'y'),
    markMs: fc.constantFrom(0, 300, 2000, Infinity),
  }),
  { minLength: 1, maxLength: 6 },
);

const batches = fc.array(
  fc.record({
    stepMs: fc.constantFrom(0, 1, 100, 499, 1000),
    tallies,
    amount: fc.constantFrom(1, 1, 3),
    gate: fc.integer({ min: 0, max: 3 }),
    second: tallies,
  }),
  { maxLength: 40 },
);

describe('tally', () => {
  const root = mkdtempSync(join(tmpdir(), 'portcullis-tally-'));
  let lmdb: SyncStore;
  let runs = 0;

  beforeAll(() => {
    lmdb = lmdbStore({ path: root, durable: false });
  });

  afterAll(() => {
    lmdb.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('says what plain operations say, in memory, on disk and elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (turns) => {
        const prefix = `${runs++} `;
        const keys = ['u', 'v', 'w', 'all'].map((key) => prefix + key);
        const memory = memoryStore();
        const reference = plain(memoryStore());
        const remote = remoteStoreOf(memoryStore());
        let nowMs = START;
        for (const { stepMs, amount, gate, ...of } of turns) {
          nowMs += stepMs;
          const operations: BatchOperation[] = [
            { kind: 'peek', key: keys[0]! },
            {
              kind: 'tally',
              keys,
              tallies: of.tallies,
              amount,
              nowMs,
              ...(gate === 1 && { unless: [0] }),
              ...(gate === 2 && { when: [0] }),
            },
            { kind: 'consume', key: keys[1]!, windowMs: 700, limit: 1, amount: 1 },
            { kind: 'mark', key: keys[1]!, value: 'v', untilMs: nowMs + 50, when: [2] },
            { kind: 'observe', key: `${prefix}o`, windowMs: 9, limit: 1, cap: 3, members: ['m'] },
            {
              kind: 'learn',
              key: prefix,
              windowMs: 500,
              periodMs: 5000,
              minWindows: 1,
              percentAbove: 10,
              amount: { countOf: 4 },
            },
            { kind: 'tally', keys, tallies: of.second, amount, nowMs, unless: [3] },
            { kind: 'peek', key: keys[3]! },
          ];
          const expected = runBatch(reference, operations, nowMs);
          expect(runBatch(memory, operations, nowMs)).toEqual(expected);
          expect(runBatch(lmdb, operations, nowMs)).toEqual(expected);
          expect(await runBatchLater(remote, operations, nowMs)).toEqual(expected);
        }
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it('goes on with the keys that a small store lets go on the way', () => {
    const store = memoryStore({ maxKeys: 2 });
    const keys = ['a', 'b', 'c', 'd'];
    const of = (key: number, name: string): Tally => ({
      key,
      name,
      windowMs: 1000,
      limit: 9,
      markPrefix: '',
      markKey: 0,
      markValue: '',
      markMs: 1,
    });
    const tallies = [0, 1, 2, 3, 0, 3].map((key, at) => of(key, `n${at}`));
    const [result] = runBatch(store, [{ kind: 'tally', keys, tallies, amount: 1, nowMs: 1 }], 1);
    expect(result).toMatchObject({ counts: [1, 1, 1, 1, 1, 1], marks: undefined });
    const last = { kind: 'consume', windowMs: 1000, limit: 9, amount: 0 } as const;
    expect(
      store.run(
        [
          { ...last, key: 'd', name: 'n5' },
          { ...last, key: 'a', name: 'n4' },
        ],
        1,
      ),
    ).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  it('refuses answers that belong to something else', () => {
    const store: SyncStore = { ...plain(memoryStore()), run: () => [] };
    const [tally] = fc.sample(tallies, 1);
    const operation = { kind: 'tally', keys: [], tallies: tally!, amount: 1, nowMs: 1 } as const;
    expect(() => runBatch(store, [operation], 1)).toThrow(TypeError);
  });
});
