// Keeps uploaded files on disk (SecUploadKeepFiles), for people who want to look at them later.
//
// Names are ModSecurity v2's with the file's place for its random end. What the client calls a file never becomes
// a path.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uploadName } from '../base/upload-name.ts';
import type { TransactionListener, TransactionRecord } from '../model/transaction-record.ts';
import type { IsRelevant } from './relevance.ts';

export interface UploadWriterOptions {
  readonly directory: string;
  readonly fileMode: number;
  /** Which transactions' files are kept; undefined: all. */
  readonly isRelevant?: IsRelevant | undefined;
  /** Told of files that could not be written. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Tries for a free name when ids repeat within a second. */
const MOST_TRIES = 100;

export function uploadWriter(options: UploadWriterOptions): TransactionListener {
  const { isRelevant, onError } = options;
  return {
    wants: (outline) => {
      try {
        return isRelevant?.({ ...outline, auditEngine: 'RelevantOnly' }) ?? true;
      } catch (error) {
        // A pattern that cannot decide must not lose a file.
        onError?.(error);
        return true;
      }
    },
    finished: (record) => {
      try {
        const { request, settings } = record;
        for (const upload of request.uploads.slice(0, settings.uploadFileLimit)) {
          if (upload.content !== undefined) keep(upload.index, upload.content, record, options);
        }
      } catch (error) {
        onError?.(error);
      }
    },
  };
}

function keep(
  index: number,
  content: string,
  { id, startedMs }: TransactionRecord,
  { directory, fileMode }: UploadWriterOptions,
): void {
  const name = uploadName(startedMs, id, index);
  const bytes = Buffer.from(content, 'latin1');
  for (let attempt = 0; ; attempt++) {
    const path = join(directory, attempt === 0 ? name : `${name}.${attempt}`);
    try {
      // Never an existing file, nor what a link leads to.
      writeFileSync(path, bytes, { flag: 'wx', mode: fileMode });
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' || attempt === MOST_TRIES) throw error;
    }
  }
}
