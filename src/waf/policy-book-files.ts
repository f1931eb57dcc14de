// The files of a policy on disk: which ones there are, and how they are written.
//
// Promise: a file is the old text or the new one, never a part: what is written goes into a file beside it,
// is on the disk, and then takes its name.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PolicyText } from '../policy/document/positions.ts';

/** The files of the paths; folders give their .yaml, .yml and .json files, in the order of their names. */
export function policyPaths(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.(?:ya?ml|json)$/.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(path, name));
  });
}

/** Throws the file system's errors. */
export function readPolicyTexts(paths: readonly string[]): readonly PolicyText[] {
  return policyPaths(paths).map((name) => ({ name, text: readFileSync(name, 'latin1') }));
}

/** Files that are written and wait for their names. */
export interface Staged {
  /** All of them take their names. */
  readonly commit: () => void;
  readonly discard: () => void;
}

const NEW_FILE_MODE = 0o640;

/** Throws when one of them cannot be written; none has its name then. */
export function stageFiles(texts: readonly PolicyText[]): Staged {
  const staged: { readonly temporary: string; readonly path: string }[] = [];
  const discard = (): void => {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
  };
  try {
    for (const { name, text } of texts) {
      // A link stays one: what it points to is replaced.
      const path = realPath(name);
      const temporary = join(dirname(path), stagedName(path));
      staged.push({ temporary, path });
      writeDurably(temporary, text, modeOf(path));
    }
  } catch (error) {
    discard();
    throw error;
  }
  return {
    discard,
    commit: () => {
      for (const { temporary, path } of staged) renameSync(temporary, path);
      for (const folder of new Set(staged.map(({ path }) => dirname(path)))) syncFolder(folder);
    },
  };
}

const stagedName = (path: string): string =>
  `.${basename(path)}.${process.pid}.${Date.now().toString(36)}.new`;

/** Whether a process of this machine that still runs has staged the file. What a crash left does not count. */
export function isStaged(name: string): boolean {
  const path = realPath(name);
  const start = `.${basename(path)}.`;
  return readdirSync(dirname(path)).some((entry) => {
    if (!entry.startsWith(start) || !entry.endsWith('.new')) return false;
    const pid = /^(\d+)\.[\da-z]+\.new$/.exec(entry.slice(start.length))?.[1];
    return pid !== undefined && isRunning(Number(pid));
  });
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    // Signal 0 only asks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function realPath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode & 0o777;
  } catch {
    return NEW_FILE_MODE;
  }
}

/** `wx`: a file that is there already is somebody else's. */
export function writeDurably(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // The umask may have taken from it.
  chmodSync(path, mode);
}

/** A rename is on the disk when its folder is; some systems cannot say. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The file system keeps its own promises then.
  }
}
