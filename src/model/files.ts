// The files a rule set may read, as whoever loads it provides them.
//
// The loader never touches a file system itself, so that it runs in browsers and workers and so that
// tests hold the files in a Map. Everything is synchronous: rules are loaded once, before traffic.

export interface FileAccess {
  /** The file's bytes as a byte string; undefined when it is missing, unreadable or a directory. */
  readonly read: (path: string) => string | undefined;
  /** Paths of the files (not directories) that match the pattern, sorted bytewise as Apache does. */
  readonly glob: (pattern: string) => readonly string[];
  /** `path` as seen from the file `from`: absolute paths unchanged, others beside that file. */
  readonly resolve: (from: string, path: string) => string;
}
