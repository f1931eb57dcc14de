// The files that a load has read, kept so that another thread loads the same bytes even when the files have
// changed on disk since.

import type { FileAccess } from '../model/files.ts';

/** What was asked for, with the answers; undefined: there is no such file. */
export interface RecordedFiles {
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly globs: ReadonlyMap<string, readonly string[]>;
}

export interface RecordingFiles {
  readonly files: FileAccess;
  readonly recorded: RecordedFiles;
}

/** Answers from `known` where it can, else from `files`, and keeps every answer. */
export function recordFiles(files: FileAccess, known: RecordedFiles | undefined): RecordingFiles {
  const texts = new Map(known?.texts);
  const globs = new Map(known?.globs);
  return {
    recorded: { texts, globs },
    files: {
      resolve: files.resolve,
      read: (path) => {
        if (!texts.has(path)) texts.set(path, files.read(path));
        return texts.get(path);
      },
      glob: (pattern) => {
        const found = globs.get(pattern) ?? files.glob(pattern);
        globs.set(pattern, found);
        return found;
      },
    },
  };
}
