// A named text that spans point into, and where it was included from.

import type { Span } from './span.ts';

/** One rule file or inline text. Texts are byte strings, as read from disk. */
export interface Source {
  /** What diagnostics print before the line number: a path, or a name such as `<stdin>`. */
  readonly name: string;
  readonly text: string;
  /** The Include directive that brought this file in; undefined for a root file. */
  readonly includedFrom?: Span | undefined;
}
