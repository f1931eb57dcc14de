// A log file that is only ever appended to. Each call is one write, done when the call returns.
//
// /dev/stdout and /dev/stderr mean the descriptors that the process has: opening them again fails where
// they are sockets, as under a service manager.

import { closeSync, openSync, writeSync } from 'node:fs';

export interface LogFile {
  /** A byte string. Throws when the system does. */
  append(text: string): void;
  /** Opens the path anew, after a rotation has moved the file away; keeps the old one when that fails. */
  reopen(): void;
  close(): void;
}

const STANDARD: ReadonlyMap<string, number> = new Map([
  ['/dev/stdout', 1],
  ['/dev/stderr', 2],
]);

/** Creates the file when it is missing. Throws when it cannot be opened. */
export function openLogFile(path: string, mode: number): LogFile {
  const standard = STANDARD.get(path);
  const open = (): number => standard ?? openSync(path, 'a', mode);
  let file = open();
  return {
    append(text: string): void {
      const bytes = Buffer.from(text, 'latin1');
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    },
    reopen(): void {
      if (standard !== undefined) return;
      const next = open();
      closeSync(file);
      file = next;
    },
    close(): void {
      if (standard === undefined) closeSync(file);
    },
  };
}
