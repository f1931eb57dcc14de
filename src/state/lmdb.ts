// The embedded store on disk: collections, counters, marks and lists in LMDB, shared by all processes of
// this machine that open the same folder, and still there after a restart.
//
// Every change is one write transaction of LMDB, which is exclusive among processes: the value that a
// mutation or an operation is applied to is the latest there is. A batch of operations is one transaction.
// Nobody writes while a process opens the folder (lmdb-gate.ts).

import { asciiLower } from '../base/ascii.ts';
import {
  type Database,
  openEnvironment,
  type RootDatabase,
  TIME_BYTES,
  timeBytes,
  wholeMs,
} from './lmdb-database.ts';
import { Gate } from './lmdb-gate.ts';
import { type LmdbSlots, lmdbSlots } from './lmdb-slots.ts';
import { CLOCK_TOLERANCE_MS } from './operations.ts';
import {
  applyMutations,
  type CollectionRecord,
  readRecord,
  type StoredVariable,
} from './record.ts';
import { runOperations } from './run-operations.ts';
import type { CollectionId, SyncStore } from './store.ts';
import { type BatchOperation, MAX_TALLY_KEYS } from './tally.ts';

export interface LmdbStoreOptions {
  /** The folder that holds the data; it is made when it is missing. */
  readonly path: string;
  /** Collections kept; those that expire first go first. */
  readonly maxCollections?: number;
  /** Counters kept; those that expire first go first. */
  readonly maxKeys?: number;
  /** Marks kept; those that expire first go first. */
  readonly maxMarks?: number;
  readonly maxLists?: number;
  /** Items of one list. A full list takes no more. */
  readonly maxListItems?: number;
  /**
   * Whether each change is on the disk before the transaction goes on; default true. It costs what the disk
   * takes to write, up to milliseconds. False is tens of times faster, and the loss of power may then damage
   * the file: right for a folder that does not outlive the machine's uptime, like /run or /dev/shm.
   */
  readonly durable?: boolean;
}

const DEFAULT_MAX_COLLECTIONS = 1_000_000;
const DEFAULT_BOUNDS = Object.freeze({
  maxKeys: 1_000_000,
  maxMarks: 100_000,
  maxLists: 1000,
  maxListItems: 100_000,
});
// More than one, so that expired collections go faster than new ones come.
const SWEPT_AT_ONCE = 4;

/** What stands on disk; Infinity, which JSON lacks, is null there. */
interface Row extends Omit<CollectionRecord, 'variables'> {
  readonly variables: readonly (readonly [key: string, value: string, expiresMs: number | null])[];
}

function toRow({ variables, ...facts }: CollectionRecord): Row {
  return {
    ...facts,
    variables: Array.from(variables.values(), ({ key, value, expiresMs }) => [
      key,
      value,
      expiresMs === Infinity ? null : expiresMs,
    ]),
  };
}

function fromRow({ variables, ...facts }: Row): CollectionRecord {
  return {
    ...facts,
    variables: new Map(
      variables.map(([key, value, expiresMs]): [string, StoredVariable] => [
        asciiLower(key),
        { key, value, expiresMs: expiresMs ?? Infinity },
      ]),
    ),
  };
}

/** Keys are bytes, so that any byte may stand in them. */
const placeOf = ({ name, key }: CollectionId): Buffer => Buffer.from(`${name}\0${key}`, 'latin1');

/** Sorts by time: a big-endian number before the collection's place. */
const expiryKey = (expiresMs: number, place: Buffer): Buffer =>
  Buffer.concat([timeBytes(expiresMs), place]);

interface Databases {
  readonly root: RootDatabase;
  readonly collections: Database<Row>;
  /** Places by the time they expire: what can be swept is found without a walk. */
  readonly expiries: Database<null>;
  readonly slots: LmdbSlots;
}

/** Wants to be called inside the gate. */
function open({ path, durable = true, ...bounds }: LmdbStoreOptions): Databases {
  const root = openEnvironment(path, { isFile: false, durable });
  // The names carry the version of the format.
  return {
    root,
    collections: root.openDB({ name: 'collections-1', keyEncoding: 'binary', encoding: 'json' }),
    expiries: root.openDB({ name: 'expiries-1', keyEncoding: 'binary', encoding: 'json' }),
    slots: lmdbSlots(root, { ...DEFAULT_BOUNDS, ...bounds }),
  };
}

function remove({ collections, expiries }: Databases, expiry: Buffer): void {
  expiries.removeSync(expiry);
  collections.removeSync(expiry.subarray(TIME_BYTES));
}

/** Removes some collections that have expired, and what is beyond the bound. */
function sweep(databases: Databases, nowMs: number, maxCollections: number): void {
  const { expiries } = databases;
  const end = expiryKey(wholeMs(nowMs), Buffer.alloc(0));
  for (const key of [...expiries.getKeys({ end, limit: SWEPT_AT_ONCE })]) remove(databases, key);
  const { entryCount } = expiries.getStats();
  if (entryCount <= maxCollections) return;
  const limit = Math.min(SWEPT_AT_ONCE, entryCount - maxCollections);
  for (const key of [...expiries.getKeys({ limit })]) remove(databases, key);
}

/** Reads take no write transaction, so that they wait for nobody. */
const isRead = ({ kind }: BatchOperation): boolean => kind === 'peek' || kind === 'listHas';

function openInside(gate: Gate, options: LmdbStoreOptions): Databases {
  try {
    return gate.pass(() => open(options));
  } catch (error) {
    gate.close();
    throw error;
  }
}

/** Throws when the folder cannot be opened, or when there is no build of LMDB for this machine. */
export function lmdbStore(options: LmdbStoreOptions): SyncStore {
  const { maxCollections = DEFAULT_MAX_COLLECTIONS } = options;
  const gate = new Gate(options.path);
  const databases = openInside(gate, options);
  const { root, collections, expiries, slots } = databases;
  let isClosed = false;

  const write = <T>(run: () => T): T => gate.pass(() => root.transactionSync(run));

  const recordAt = (place: Buffer): CollectionRecord | undefined => {
    const row = collections.get(place);
    return row === undefined ? undefined : fromRow(row);
  };

  const inTransaction = <T>(
    operations: readonly BatchOperation[],
    nowMs: number,
    run: () => T,
  ): T => {
    if (operations.every(isRead)) {
      root.resetReadTxn();
      return run();
    }
    return write(() => {
      const results = run();
      slots.sweep(nowMs - CLOCK_TOLERANCE_MS, operations.length + MAX_TALLY_KEYS);
      return results;
    });
  };

  return {
    mode: 'sync',
    load: (id, nowMs) => readRecord(recordAt(placeOf(id)), nowMs),
    apply: (id, mutations, nowMs, expiresMs) => {
      const place = placeOf(id);
      write(() => {
        const before = recordAt(place);
        if (before !== undefined) expiries.removeSync(expiryKey(before.expiresMs, place));
        const record = applyMutations(before, mutations, nowMs, wholeMs(expiresMs));
        collections.putSync(place, toRow(record));
        expiries.putSync(expiryKey(record.expiresMs, place), null);
        sweep(databases, nowMs, maxCollections);
      });
    },
    run: (operations, nowMs) =>
      inTransaction(operations, nowMs, () => runOperations(slots, operations, nowMs)),
    runBatch: (operations, nowMs) =>
      inTransaction(operations, nowMs, () => runOperations(slots, operations, nowMs)),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      gate.pass(() => void root.close());
      gate.close();
    },
  };
}
