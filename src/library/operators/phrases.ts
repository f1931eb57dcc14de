// What @pm and @pmFromFile share: any of many phrases, in any case of their ASCII letters.

import { buildAhoCorasick } from '../../base/aho-corasick.ts';
import { asciiLower } from '../../base/ascii.ts';
import type { CompiledOperator } from '../../model/operator.ts';
import { coveringWindows, probability } from '../../regex/windows.ts';

/**
 * Matches when a phrase occurs. The one that ends first decides.
 *
 * Evidence and TX:0 are spelled as in the rule, not as in the value, and hold what ModSecurity's automaton
 * had recognised by then: with the phrases `abcd` and `bc`, `xabcdx` gives `abc`.
 */
export function matchPhrases(phrases: readonly string[]): CompiledOperator {
  const automaton = buildAhoCorasick(phrases, { caseless: true });
  return {
    evaluate: (value, run) => {
      const hit = automaton.first(value);
      if (hit === null) return false;
      if (run.capturing) run.captures.push(hit.path);
      run.detail = `Matched phrase "${hit.path}"`;
      return true;
    },
    requires: () => {
      const lower = phrases.map(asciiLower).filter((phrase) => phrase !== '');
      const literals = coveringWindows(lower);
      return {
        literals,
        score: literals.reduce((sum, literal) => sum + probability(literal), 0),
      };
    },
  };
}
