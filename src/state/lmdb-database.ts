// The part of lmdb that the store uses, and what its keys are made of.
//
// The native module is loaded when the first store is made, so whoever keeps state elsewhere does without.

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

// lmdb's own declarations do not compile as a module.
export interface Database<Value> {
  get(key: Buffer): Value | undefined;
  putSync(key: Buffer, value: Value): boolean;
  removeSync(key: Buffer): boolean;
  getKeys(range: KeyRange): Iterable<Buffer>;
  getRange(range: KeyRange): Iterable<{ readonly key: Buffer; readonly value: Value }>;
  getStats(): { readonly entryCount: number };
}

interface KeyRange {
  readonly start?: Buffer;
  readonly end?: Buffer;
  readonly limit?: number;
}

export interface RootDatabase {
  openDB<Value>(options: {
    readonly name: string;
    readonly keyEncoding: 'binary';
    readonly encoding: 'json' | 'msgpack';
  }): Database<Value>;
  transactionSync<Result>(run: () => Result): Result;
  /** 0 when LMDB could not begin the transaction that runs. */
  getWriteTxnId(): number;
  /** Reads that follow see what other processes have written until now. */
  resetReadTxn(): void;
  /** Closes at once unless something is being written that nobody waits for. */
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

/** `isFile`: the path names the file of the data and not the folder around it. */
export function openEnvironment(
  path: string,
  { isFile, durable }: { readonly isFile: boolean; readonly durable: boolean },
): RootDatabase {
  const require = createRequire(import.meta.url);
  const lmdb = require(require.resolve('lmdb')) as Lmdb;
  return lmdb.open({ path, noSubdir: isFile, noSync: !durable, overlappingSync: false });
}

// LMDB takes keys of 1,978 bytes, and an index puts a time and a name in front.
const MAX_TEXT_BYTES = 900;

/** A text as part of a key. What is too long ends in a digest, and is then longer than all that are not. */
export function keyBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length <= MAX_TEXT_BYTES) return bytes;
  const digest = createHash('sha256').update(bytes).digest();
  return Buffer.concat([bytes.subarray(0, MAX_TEXT_BYTES), digest]);
}

export const isShortened = (text: string): boolean => text.length > MAX_TEXT_BYTES;

export const TIME_BYTES = 8;

/** A whole number that LMDB's keys and JSON both hold. */
export const wholeMs = (ms: number): number =>
  Math.floor(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, ms)));

/** Sorts by time. */
export function timeBytes(ms: number): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeBigUInt64BE(BigInt(wholeMs(ms)));
  return bytes;
}

export const timeOf = (key: Buffer, at: number): number => Number(key.readBigUInt64BE(at));
