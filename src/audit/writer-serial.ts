// The serial audit log: all entries in one file, each by one write.

import type { EntryWriter } from './audit-log.ts';
import { openLogFile } from './writer-file.ts';

/** Throws when the file cannot be opened. */
export function serialWriter(path: string, fileMode: number): EntryWriter {
  const file = openLogFile(path, fileMode);
  return {
    write: (entry) => file.append(entry),
    reopen: () => file.reopen(),
    close: async () => file.close(),
  };
}
