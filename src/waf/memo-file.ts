// Files of what loading has worked out: written whole or not at all, and believed only when they are ours.
//
// What stands in them decides verdicts, so a file counts only if its owner is who we are, nobody else may write it or
// its folder, it says that the same code made it, and its digest is right. Everything else is no file.

import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** By kind and digest of the text. */
export type MemoEntries = ReadonlyMap<string, unknown>;

const MAGIC = Buffer.from('portcullis memo 1\n', 'latin1');
const DIGEST_BYTES = 32;
const MOST_BYTES = 256 * 1024 * 1024;
/** Rule sets come and go; so many files are kept. */
const MOST_FILES = 32;
const NAME = /^[0-9a-f]{64}\.memo$/;
const OTHERS_WRITE = 0o022;

/** Why a file that is there does not count; undefined entries without a reason: there is none. */
export interface MemoReading {
  readonly entries: MemoEntries | undefined;
  readonly problem: string | undefined;
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function distrust({ uid, mode }: Stats): string | undefined {
  if (process.getuid === undefined) return 'this system does not tell who owns files';
  if (uid !== process.getuid()) return 'it belongs to another user';
  return (mode & OTHERS_WRITE) === 0 ? undefined : 'others may write it';
}

function distrustDirectory(directory: string): string | undefined {
  const reason = distrust(statSync(directory));
  return reason === undefined ? undefined : `its folder is not safe: ${reason}`;
}

function readTrusted(directory: string, path: string): Buffer | string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) return 'it is no file';
    if (facts.size > MOST_BYTES) return 'it is too large';
    return distrust(facts) ?? distrustDirectory(directory) ?? readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** The entries of a file. Never throws. */
export function readMemoFile(directory: string, name: string): MemoReading {
  try {
    const bytes = readTrusted(directory, join(directory, name));
    if (typeof bytes === 'string') return { entries: undefined, problem: bytes };
    const start = MAGIC.length + DIGEST_BYTES;
    const body = bytes.subarray(start);
    const isWhole =
      bytes.length > start &&
      bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
      bytes.subarray(MAGIC.length, start).equals(digestOf(body));
    const entries: unknown = isWhole ? deserialize(body) : undefined;
    if (entries instanceof Map) return { entries, problem: undefined };
    return { entries: undefined, problem: 'it is damaged' };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { entries: undefined, problem: isAbsent ? undefined : reasonOf(error) };
  }
}

/** Writes the entries, and removes the oldest files when there are many. Why it could not; never throws. */
export function writeMemoFile(
  directory: string,
  name: string,
  entries: MemoEntries,
): string | undefined {
  const temporary = join(directory, `${name}.${process.pid}.${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const reason = distrustDirectory(directory);
    if (reason !== undefined) return reason;
    const body = serialize(entries);
    const file = openSync(temporary, 'wx', 0o600);
    try {
      for (const part of [MAGIC, digestOf(body), body]) writeWhole(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(directory, name));
  } catch (error) {
    removeQuietly(temporary);
    return reasonOf(error);
  }
  prune(directory, name);
  return undefined;
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or somebody else's.
  }
}

function prune(directory: string, kept: string): void {
  try {
    const names = readdirSync(directory).filter((name) => NAME.test(name) && name !== kept);
    if (names.length < MOST_FILES) return;
    const aged = names.map((name) => ({ name, at: lstatSync(join(directory, name)).mtimeMs }));
    aged.sort((a, b) => a.at - b.at);
    for (const { name } of aged.slice(0, names.length - MOST_FILES + 1)) {
      removeQuietly(join(directory, name));
    }
  } catch {
    // Another process prunes at the same time.
  }
}
