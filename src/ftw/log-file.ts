// Follows a log file that another process appends to, line by line.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { toByteString } from '../base/bytes.ts';

export interface LogFile {
  /** Whole lines appended since the last call. */
  readLines(): string[];
  close(): void;
}

const CHUNK_BYTES = 64 * 1024;

/** Starts at the present end of the file. */
export function followLogFile(path: string): LogFile {
  const file = openSync(path, 'r');
  let at = fstatSync(file).size;
  let partial = '';
  return {
    readLines(): string[] {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      // A file that shrank was rotated or emptied in place.
      if (fstatSync(file).size < at) at = 0;
      for (let read = 1; read > 0; ) {
        read = readSync(file, chunk, 0, CHUNK_BYTES, at);
        at += read;
        partial += toByteString(chunk.subarray(0, read));
      }
      const lines = partial.split('\n');
      partial = lines.pop() ?? '';
      return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    },
    close(): void {
      closeSync(file);
    },
  };
}
