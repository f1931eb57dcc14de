// The state store of `serve`: in memory, or on disk and shared by its processes.

import { lmdbStore } from '../state/lmdb.ts';
import { memoryStore } from '../state/memory.ts';
import type { SyncStore } from '../state/store.ts';
import { FailureError } from './output.ts';

const LMDB = 'lmdb:';

/** What is wrong with `--state`, if anything is. */
export function stateProblem(text: string): string | undefined {
  if (text === 'memory' || (text.startsWith(LMDB) && text.length > LMDB.length)) return undefined;
  return `--state "${text}" is neither "memory" nor "lmdb:" with the path of a folder`;
}

export const isShared = (text: string): boolean => text.startsWith(LMDB);

/** The option has been checked. Throws `FailureError` when the folder cannot be opened. */
export function openState(text: string): SyncStore {
  if (!text.startsWith(LMDB)) return memoryStore();
  const path = text.slice(LMDB.length);
  try {
    return lmdbStore({ path });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FailureError(`portcullis: cannot open the state in ${path}: ${reason}`);
  }
}
