// Patterns whose macros are expanded at each evaluation, compiled once per text that comes up.

import {
  type Matcher,
  MatchLimitError,
  OperatorArgumentError,
  type PatternEngine,
} from '../../model/operator.ts';

/** What the macros expanded to is no pattern. Named, because "no match" would let the value through. */
export class ExpandedPatternError extends MatchLimitError {
  override readonly name: string = 'ExpandedPatternError';
}

/** What runs a pattern of which nothing is known before its macros are expanded. */
export const EXPANDED: PatternEngine = Object.freeze({
  engine: 'expanded',
  reason: 'macros are expanded for each value, and what they come to is compiled by itself',
});

const MAX_KEPT = 64;
const MAX_KEPT_LENGTH = 4096;

/**
 * A compiler that remembers its latest patterns.
 *
 * Clients may have a hand in the texts, so their number and their length are bounded.
 */
export function rememberPatterns(compile: (pattern: string) => Matcher): (text: string) => Matcher {
  const kept = new Map<string, Matcher>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const matcher = compileExpanded(compile, text);
    if (text.length <= MAX_KEPT_LENGTH) {
      for (const oldest of kept.keys()) {
        if (kept.size < MAX_KEPT) break;
        kept.delete(oldest);
      }
      kept.set(text, matcher);
    }
    return matcher;
  };
}

function compileExpanded(compile: (pattern: string) => Matcher, text: string): Matcher {
  try {
    return compile(text);
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    throw new ExpandedPatternError(`the expanded pattern is invalid: ${error.message}`);
  }
}
