// The contract of a transformation: bytes in, bytes out, no state.

import type { Behaviour } from './compatibility.ts';

/** What a transformation may need to know of the ruleset's settings. */
export interface TransformationEnvironment {
  /** 65,536 entries, -1 where unmapped (SecUnicodeMapFile); undefined when no map is loaded. */
  readonly unicodeMap: Int32Array | undefined;
  /** `superset` adds the ASCII-valued HTML5 names; `modsecurity2` knows five names only. */
  readonly htmlEntities: Behaviour['htmlEntities'];
  /** Left out: our own ways. */
  readonly behaviour?: Behaviour;
}

/**
 * One transformation.
 *
 * `apply` returns the very same string when nothing changes, so that identity tells "unchanged".
 * It never throws and its cost is linear in the input.
 */
export interface Transformation {
  /** As SecLang spells it: `urlDecodeUni`. Looked up case-insensitively. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for `check --list` and for the reader. */
  readonly summary: string;
  /**
   * A value that holds none of these bytes stays as it is, in every environment. Left out: any value may
   * change. A byte missing here hides attacks, one too many costs time.
   */
  readonly alters?: string;
  /**
   * At most so many bytes come out for each that goes in. Left out: unknown. A number that is too low hides attacks.
   */
  readonly growth?: (behaviour: Behaviour | undefined) => number;
  /**
   * Bytes that what comes out may hold although what goes in does not. Left out: any. A byte missing here hides
   * attacks.
   */
  readonly adds?: (behaviour: Behaviour | undefined) => string;
  /**
   * Of the bytes in `alters`, those that come out in another case and no more: phrases that are looked for in any case
   * are where they were in values without the others. ASCII letters alone change their case. Left out: none.
   */
  readonly recases?: (behaviour: Behaviour | undefined) => string;
  /**
   * Bytes that may vanish, or come out as another of them. All others come out in their order and as they were, but for
   * the case of ASCII letters, and nothing else does. Left out, or undefined: anything may happen. A byte missing here
   * hides attacks.
   */
  readonly deletes?: (behaviour: Behaviour | undefined) => string | undefined;
  /**
   * No more bytes than this come out of the value, told faster than by applying it; anything from `enough` on is as
   * good an answer as any. A number that is too low hides attacks.
   */
  readonly mostBytes?: (value: string, enough: number, behaviour: Behaviour | undefined) => number;
  readonly apply: (value: string, environment: TransformationEnvironment) => string;
}
