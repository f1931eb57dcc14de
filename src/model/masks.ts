// What rules have asked to keep out of audit logs: the `sanitise...` actions write it, audit logs obey it.

/** One value, or the bytes of it that matched. */
export interface MatchedMask {
  /** `ARGS:password`, `REQUEST_HEADERS:Authorization`. */
  readonly variable: string;
  /** The text to hide wherever it stands in that variable; undefined: all of it. */
  readonly text: string | undefined;
  /** How many bytes stay readable at either end of `text`. */
  readonly keepLeft: number;
  readonly keepRight: number;
}

export interface Masks {
  /** Names of arguments, in any case, whose values are hidden. */
  readonly args: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly matched: readonly MatchedMask[];
}

export const NO_MASKS: Masks = Object.freeze({
  args: Object.freeze([]),
  requestHeaders: Object.freeze([]),
  responseHeaders: Object.freeze([]),
  matched: Object.freeze([]),
});
