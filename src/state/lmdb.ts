// The embedded store on disk: collections in LMDB, shared by all processes of this machine that open the
// same folder, and still there after a restart.
//
// The native module is loaded when the first store is made, so whoever keeps state elsewhere does without.
// Every change is one write transaction of LMDB, which is exclusive among processes: the value that a
// mutation is applied to is the latest there is.

import { createRequire } from 'node:module';
import { asciiLower } from '../base/ascii.ts';
import {
  applyMutations,
  type CollectionRecord,
  readRecord,
  type StoredVariable,
} from './record.ts';
import type { CollectionId, SyncStore } from './store.ts';

export interface LmdbStoreOptions {
  /** The folder that holds the data; it is made when it is missing. */
  readonly path: string;
  /** Collections kept; those that expire first go first. */
  readonly maxCollections?: number;
  /**
   * Whether each change is on the disk before the transaction goes on; default true. It costs what the disk
   * takes to write, up to milliseconds. False is tens of times faster, and the loss of power may then damage
   * the file: right for a folder that does not outlive the machine's uptime, like /run or /dev/shm.
   */
  readonly durable?: boolean;
}

const DEFAULT_MAX_COLLECTIONS = 1_000_000;
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

const TIME_BYTES = 8;

/** Sorts by time: a big-endian number before the collection's place. */
function expiryKey(expiresMs: number, place: Buffer): Buffer {
  const key = Buffer.alloc(TIME_BYTES + place.length);
  key.writeBigUInt64BE(BigInt(expiresMs));
  place.copy(key, TIME_BYTES);
  return key;
}

/** A whole number that LMDB's keys and JSON both hold. */
const wholeMs = (ms: number): number =>
  Math.floor(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, ms)));

// The part of lmdb's interface that is used here: its own declarations do not compile as a module.
interface Database<Value> {
  get(key: Buffer): Value | undefined;
  putSync(key: Buffer, value: Value): boolean;
  removeSync(key: Buffer): boolean;
  getKeys(range: { readonly end?: Buffer; readonly limit: number }): Iterable<Buffer>;
  getStats(): { readonly entryCount: number };
}

interface RootDatabase {
  openDB<Value>(options: {
    readonly name: string;
    readonly keyEncoding: 'binary';
    readonly encoding: 'json';
  }): Database<Value>;
  transactionSync(run: () => void): void;
  close(): Promise<void>;
}

interface Lmdb {
  open(options: {
    readonly path: string;
    readonly noSubdir: boolean;
    readonly noSync: boolean;
    readonly overlappingSync: boolean;
  }): RootDatabase;
}

interface Databases {
  readonly root: RootDatabase;
  readonly collections: Database<Row>;
  /** Places by the time they expire: what can be swept is found without a walk. */
  readonly expiries: Database<null>;
}

function open(path: string, durable: boolean): Databases {
  const require = createRequire(import.meta.url);
  const lmdb = require(require.resolve('lmdb')) as Lmdb;
  const root = lmdb.open({ path, noSubdir: false, noSync: !durable, overlappingSync: false });
  // The names carry the version of the format.
  return {
    root,
    collections: root.openDB({ name: 'collections-1', keyEncoding: 'binary', encoding: 'json' }),
    expiries: root.openDB({ name: 'expiries-1', keyEncoding: 'binary', encoding: 'json' }),
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

/** Throws when the folder cannot be opened, or when there is no build of LMDB for this machine. */
export function lmdbStore(options: LmdbStoreOptions): SyncStore {
  const { path, durable = true, maxCollections = DEFAULT_MAX_COLLECTIONS } = options;
  const databases = open(path, durable);
  const { root, collections, expiries } = databases;

  const recordAt = (place: Buffer): CollectionRecord | undefined => {
    const row = collections.get(place);
    return row === undefined ? undefined : fromRow(row);
  };

  return {
    mode: 'sync',
    load: (id, nowMs) => readRecord(recordAt(placeOf(id)), nowMs),
    apply: (id, mutations, nowMs, expiresMs) => {
      const place = placeOf(id);
      root.transactionSync(() => {
        const before = recordAt(place);
        if (before !== undefined) expiries.removeSync(expiryKey(before.expiresMs, place));
        const record = applyMutations(before, mutations, nowMs, wholeMs(expiresMs));
        collections.putSync(place, toRow(record));
        expiries.putSync(expiryKey(record.expiresMs, place), null);
        sweep(databases, nowMs, maxCollections);
      });
    },
    close: () => {
      void root.close();
    },
  };
}
