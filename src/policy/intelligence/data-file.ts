// One file of a source of intelligence: read, and off as a whole when anything in it is wrong.
//
// A list that is read by half would let some of what it names pass, and nobody would know. So the first
// mistakes are reported with their lines, the source is off, and facts that hang on it are unknown.

import type { ByteString } from '../../base/bytes.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source } from '../../diagnostics/source.ts';
import type { Span } from '../../diagnostics/span.ts';
import { type NotKnown, unknown } from './fact.ts';

/** A source that works, or the reason of all that it does not know. */
export type Loaded<T> =
  | { readonly on: true; readonly data: T }
  | { readonly on: false; readonly why: NotKnown };

export interface DataFile {
  readonly path: string;
  readonly source: Source;
  readonly text: ByteString;
  /** Reports a mistake. The file is off, and `isTooWrong` says when reading on is pointless. */
  readonly wrong: (message: string, start: number, end: number, help?: string) => void;
  readonly isTooWrong: () => boolean;
}

export interface FileContext {
  readonly readFile: (path: string) => ByteString | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
}

const MOST_MISTAKES = 10;

/** The file's name without its folders, for traces. */
export function shortName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function off(path: string, problem: string): Loaded<never> {
  return { on: false, why: unknown('source-off', `${shortName(path)} is off: ${problem}`) };
}

/** `parse` may leave early once `isTooWrong`; what it answers counts only when nothing was wrong. */
export function loadDataFile<T>(
  path: string,
  place: Span | undefined,
  { readFile, report }: FileContext,
  parse: (file: DataFile) => T,
): Loaded<T> {
  const text = readFile(path);
  if (text === undefined) {
    report({
      severity: 'warning',
      code: 'missing-intelligence-file',
      message: `the file "${path}" does not exist or cannot be read, so this source is off`,
      span: place,
      help: 'correct the path, or take the source out of the policy',
    });
    return off(path, 'the file is missing');
  }
  const source: Source = { name: path, text, includedFrom: place };
  let mistakes = 0;
  const data = parse({
    path,
    source,
    text,
    wrong: (message, start, end, help) => {
      mistakes++;
      if (mistakes > MOST_MISTAKES) return;
      report({
        severity: 'warning',
        code: 'bad-intelligence-data',
        message: `${message}, so this source is off`,
        span: { source, start, end: Math.max(start, end) },
        help,
      });
    },
    isTooWrong: () => mistakes > MOST_MISTAKES,
  });
  if (mistakes > 0) return off(path, 'the file has mistakes');
  return { on: true, data };
}
