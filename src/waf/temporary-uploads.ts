// Uploads as files, for as long as their transaction runs: new files that only this user can read unless
// SecUploadFileMode says otherwise, under names of our own.

import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromByteString } from '../base/bytes.ts';
import type { UploadFiles } from '../model/outside.ts';

export interface TemporaryUploads extends UploadFiles {
  /** Removes what transactions that never finished have left. */
  readonly close: () => void;
}

const PRIVATE = 0o600;

export function temporaryUploads(): TemporaryUploads {
  const paths = new Set<string>();
  const remove = (path: string): void => {
    if (!paths.delete(path)) return;
    try {
      rmSync(path, { force: true });
    } catch {
      // Whoever took the folder's permissions away meanwhile keeps the file.
    }
  };
  return {
    write: ({ name, content, directory = tmpdir(), mode }) => {
      const path = join(directory, `${name}-${randomBytes(6).toString('hex')}`);
      paths.add(path);
      try {
        // Never an existing file, nor what a link leads to.
        writeFileSync(path, fromByteString(content), { flag: 'wx', mode: PRIVATE });
        if (mode !== PRIVATE) chmodSync(path, mode);
      } catch (error) {
        remove(path);
        throw error;
      }
      return path;
    },
    remove,
    close: () => {
      for (const path of [...paths]) remove(path);
    },
  };
}
