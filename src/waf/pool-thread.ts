// A thread of a pool: judges whole exchanges by the version it is told.

import { parentPort, workerData } from 'node:worker_threads';
import type { ExchangeRecord } from '../model/exchange.ts';
import { lmdbStore } from '../state/lmdb.ts';
import { memoryStore } from '../state/memory.ts';
import { type LoadedVersion, loadVersion, refusalOf } from './pool-load.ts';
import type { FromPoolThread, PoolThreadData, PoolVersion, ToPoolThread } from './pool-messages.ts';
import { OutcomePacker, type PackedOutcome } from './pool-outcomes.ts';

/** Answers do not wait longer for the rest of their batch. */
const FLUSH_MS = 5;

const data = workerData as PoolThreadData;
const store = data.state === undefined ? memoryStore() : lmdbStore(data.state);
const versions = new Map<number, LoadedVersion & { readonly packer: OutcomePacker }>();

const tell = (message: FromPoolThread): void => parentPort?.postMessage(message);

function load(version: PoolVersion): FromPoolThread {
  try {
    const loaded = loadVersion(version, data, store);
    versions.set(version.number, { ...loaded, packer: new OutcomePacker() });
    // The pool has them already, unless this is the first thread that reads them.
    const files = version.files ?? loaded.files;
    return { kind: 'loaded', facts: loaded.facts, files };
  } catch (error) {
    return refusalOf(error);
  }
}

function judge(version: number, records: readonly ExchangeRecord[]): void {
  const by = versions.get(version);
  let outcomes: (PackedOutcome | string)[] = [];
  let since = performance.now();
  for (const record of records) {
    try {
      outcomes.push(by?.packer.pack(by.waf.inspect(record)) ?? 'the version is not loaded');
    } catch (error) {
      outcomes.push(error instanceof Error ? error.message : String(error));
    }
    if (performance.now() - since < FLUSH_MS) continue;
    tell({ kind: 'judged', outcomes });
    outcomes = [];
    since = performance.now();
  }
  if (outcomes.length > 0) tell({ kind: 'judged', outcomes });
}

parentPort?.on('message', (message: ToPoolThread) => {
  switch (message.kind) {
    case 'load':
      tell(load(message.version));
      break;
    case 'drop':
      versions.delete(message.version);
      break;
    case 'judge':
      judge(message.version, message.records);
      break;
    case 'close':
      store.close();
      parentPort?.close();
      break;
  }
});
