// Looks into rule set folders.
//
// The promise: what does not exist is empty, and what exists but cannot be read throws with its path. A
// rule file left out unseen would be protection left out unseen.

import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a folder whose name ends in `ending`, in byte order, as includes are sorted. */
export function confFiles(directory: string, ending: string): readonly string[] {
  return listNames(directory)
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .sort()
    .map((name) => join(directory, name))
    .filter(isRuleFile);
}

/** False for a directory; throws for anything else that cannot be read, a dangling link for one. */
export function isRuleFile(path: string): boolean {
  const stats = statSync(path);
  if (stats.isDirectory()) return false;
  if (!stats.isFile()) {
    // Reading a pipe would wait for ever.
    throw Object.assign(new Error(`${path} is no file`), { code: 'not a regular file', path });
  }
  accessSync(path, constants.R_OK);
  return true;
}

/** Empty for a folder that does not exist; throws for one that cannot be read. */
export function listNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** The text of a file, or nothing: for questions whose answer may be unknown. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
