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
import { subjectKey } from '../../src/state/subject-key.ts';
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
    scope: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    windowMs: fc.constantFrom(500, 1000),
    limit: fc.constantFrom(0, 2, 5, 5000),
    markPrefix: fc.constantFrom('', 'm'),
    markScope: fc.integer({ min: 0, max: 3 }),
    markValue: fc.constantFrom('', 'x', 'y'),
    markMs: fc.constantFrom(0, 300, 2000, Infinity),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Requests meet the same lists of rules again and again. */
const LISTS = 3;
const lists = fc.array(tallies, { minLength: LISTS, maxLength: LISTS });

const batches = fc.array(
  fc.record({
    stepMs: fc.constantFrom(0, 1, 100, 499, 1000, -3000),
    user: fc.constantFrom('u', 'v'),
    first: fc.integer({ min: 0, max: LISTS - 1 }),
    amount: fc.constantFrom(1, 1, 3),
    gate: fc.integer({ min: 0, max: 3 }),
    second: fc.integer({ min: 0, max: LISTS - 1 }),
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
      fc.asyncProperty(lists, batches, async (given, turns) => {
        const prefix = `${runs++} `;
        const rules = given.map((list) =>
          list.map((tally) => ({
            ...tally,
            name: prefix + tally.name,
            markPrefix: prefix + tally.markPrefix,
          })),
        );
        const memory = memoryStore();
        const reference = plain(memoryStore());
        const remote = remoteStoreOf(memoryStore());
        let nowMs = START;
        for (const { stepMs, user, amount, gate, first, second } of turns) {
          nowMs += stepMs;
          const of = { subject: prefix + user, place: `${prefix}%\0.v` };
          const keys = [0, 1, 2].map((scope) => subjectKey(scope, of.subject, of.place));
          const operations: BatchOperation[] = [
            { kind: 'peek', key: keys[0]! },
            {
              kind: 'tally',
              ...of,
              tallies: rules[first]!,
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
            { kind: 'tally', ...of, tallies: rules[second]!, amount, nowMs, unless: [3] },
            { kind: 'peek', key: keys[2]! },
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
    const of = { subject: 'a', place: 'b' };
    const tally = (scope: number, name: string): Tally => ({
      scope,
      name,
      windowMs: 1000,
      limit: 9,
      markPrefix: '',
      markScope: 0,
      markValue: '',
      markMs: 1,
    });
    const tallies = [0, 1, 2, 3, 0, 3].map((scope, at) => tally(scope, `n${at}`));
    const operation = { kind: 'tally', ...of, tallies, amount: 1, nowMs: 1 } as const;
    const counts = (): unknown => runBatch(store, [operation], 1);
    expect(counts()).toMatchObject([{ counts: [1, 1, 1, 1, 1, 1], marks: undefined }]);
    // The two keys used last are the only ones that it knows.
    const last = [2, 3].map((scope) => subjectKey(scope, of.subject, of.place));
    expect(
      store.run(
        last.map((key, at) => ({
          ...{ kind: 'consume', key, name: `n${at + 2}`, windowMs: 1000 },
          ...{ limit: 9, amount: 0 },
        })),
        1,
      ),
    ).toMatchObject([{ count: 1 }, { count: 1 }]);
    expect(counts()).toMatchObject([{ counts: [1, 1, 1, 1, 1, 1], marks: undefined }]);
  });

  it('refuses answers that belong to something else', () => {
    const store: SyncStore = { ...plain(memoryStore()), run: () => [] };
    const [tally] = fc.sample(tallies, 1);
    const of = { subject: '', place: '', amount: 1, nowMs: 1 };
    const operation = { kind: 'tally', ...of, tallies: tally! } as const;
    expect(() => runBatch(store, [operation], 1)).toThrow(TypeError);
  });
});
