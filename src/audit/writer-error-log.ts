// An error log on disk. Each call is one write to the end of the file, done when the call returns.
//
// No buffer in between: whoever follows the log (go-ftw, fail2ban) sees a match before the client sees
// the answer. Writes of one call stay together even when several processes share the file.

import { closeSync, openSync, writeSync } from 'node:fs';

export interface ErrorLogFile {
  /** Lines without line ends, as `errorLogLine` makes them. */
  append(lines: readonly string[]): void;
  /** Opens the path anew, after a log rotation has moved the file away. */
  reopen(): void;
  close(): void;
}

/** Creates the file when it is missing. Throws when it cannot be opened. */
export function openErrorLog(path: string): ErrorLogFile {
  const open = (): number => openSync(path, 'a', 0o640);
  let file = open();
  return {
    append(lines: readonly string[]): void {
      if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
    },
    reopen(): void {
      const next = open();
      closeSync(file);
      file = next;
    },
    close(): void {
      closeSync(file);
    },
  };
}
