// The concurrent audit log: one file for each entry, in directories by day and minute, and an index.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EntryWriter } from './audit-log.ts';
import type { AuditForm } from './entry-options.ts';
import { indexLine } from './index-line.ts';
import { pathTime, type UtcOffset } from './local-time.ts';
import { openLogFile } from './writer-file.ts';

export interface ConcurrentOptions {
  readonly storageDir: string;
  /** Files of index lines; each gets all of them. */
  readonly indexes: readonly string[];
  readonly dirMode: number;
  readonly fileMode: number;
  readonly form: AuditForm;
  readonly utcOffset?: UtcOffset;
}

/** Tries for a free name when ids repeat within a second. */
const MOST_TRIES = 100;

/** Throws when an index cannot be opened. */
export function concurrentWriter(options: ConcurrentOptions): EntryWriter {
  const { storageDir, dirMode, fileMode, form, utcOffset } = options;
  const indexes = options.indexes.map((path) => openLogFile(path, fileMode));
  return {
    write(entry, record) {
      const bytes = Buffer.from(entry, 'latin1');
      const time = pathTime(record.startedMs, utcOffset);
      const name = `/${time.day}/${time.minute}/${time.second}-${fileName(record.id)}`;
      const path = writeNew(storageDir, name, bytes, dirMode, fileMode);
      const digest = createHash('md5').update(bytes).digest('hex');
      const line = indexLine(record, { path, bytes: bytes.length, digest }, form, utcOffset);
      for (const index of indexes) index.append(`${line}\n`);
    },
    reopen() {
      for (const index of indexes) index.reopen();
    },
    async close() {
      for (const index of indexes) index.close();
    },
  };
}

/** An id may come from a header: it names a file here, never a path. */
const fileName = (id: string): string => id.replace(/[^A-Za-z0-9_@-]/g, '_').slice(0, 128) || '_';

function writeNew(
  storageDir: string,
  name: string,
  bytes: Uint8Array,
  dirMode: number,
  fileMode: number,
): string {
  mkdirSync(dirname(join(storageDir, name)), { recursive: true, mode: dirMode });
  for (let attempt = 0; ; attempt++) {
    const path = attempt === 0 ? name : `${name}.${attempt}`;
    try {
      // Never an existing file, nor what a link leads to.
      writeFileSync(join(storageDir, path), bytes, { flag: 'wx', mode: fileMode });
      return path;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' || attempt === MOST_TRIES) throw error;
    }
  }
}
