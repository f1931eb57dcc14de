// A second reader of multipart bodies: the one that applications behind us will use.

import type { Pair } from './pair.ts';

/** What the peer's reading is compared with. */
export interface OwnMultipartReading {
  readonly args: readonly Pair[];
  readonly files: readonly {
    readonly field: string;
    readonly filename: string;
    readonly size: number;
  }[];
}

/** Names the first disagreement; undefined when both readings are the same. */
export type MultipartPeer = (
  body: string,
  contentType: string,
  own: OwnMultipartReading,
) => string | undefined;
