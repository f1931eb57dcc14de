// A half-open range of offsets into one source. Lines and columns are computed only to be shown.

import type { Source } from './source.ts';

export interface Span {
  readonly source: Source;
  /** Offset of the first char. */
  readonly start: number;
  /** Offset behind the last char. */
  readonly end: number;
}
