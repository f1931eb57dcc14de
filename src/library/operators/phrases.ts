// What @pm and @pmFromFile share: any of many phrases, in any case of their ASCII letters.

import { buildAhoCorasick } from '../../base/aho-corasick.ts';
import { asciiLower, asciiUpper } from '../../base/ascii.ts';
import { allOf, anyOf, type ByteClasses, type ClassNeed } from '../../base/class-need.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { CompiledOperator } from '../../model/operator.ts';
import { coveringWindows, probability } from '../../regex/windows.ts';

/**
 * Matches when a phrase occurs. The one that ends first decides.
 *
 * Evidence and TX:0 are spelled as in the rule, not as in the value, and hold what ModSecurity's automaton
 * had recognised by then: with the phrases `abcd` and `bc`, `xabcdx` gives `abc`.
 */
export function matchPhrases(
  phrases: readonly string[],
  found: Behaviour['phraseFound'] = 'automaton-path',
): CompiledOperator {
  if (found === 'leftmost-longest') return matchLongest(phrases);
  const automaton = buildAhoCorasick(phrases, { caseless: true });
  return {
    evaluate: (value, run) => {
      const hit = automaton.first(value);
      if (hit === null) return false;
      if (run.capturing) run.captures.push(hit.path);
      run.detail = `Matched phrase "${hit.path}"`;
      return true;
    },
    locate: (value) => {
      const hit = automaton.first(value);
      return hit === null ? [] : [[hit.end - hit.path.length, hit.path.length]];
    },
    requires: () => requiredLiterals(phrases),
    minBytes: phrases.reduce(
      (least, { length }) => Math.min(least, length),
      Number.POSITIVE_INFINITY,
    ),
    needs: (classes) => anyOf(phrases.map((phrase) => phraseNeed(phrase, classes))),
    isPure: true,
  };
}

/** Pages are full of the short windows that text in general is not: `<head>`. A few long ones cost little. */
const LONG_WINDOW = 16;
const FEW_PHRASES = 500;

const MAX_CAPTURES = 10;

/**
 * Coraza's reading: the longest phrase that begins first, then the next one behind it. TX:0 to TX:9 hold them
 * as the value spells them.
 */
function matchLongest(phrases: readonly string[]): CompiledOperator {
  const known = [...new Set(phrases.map(asciiLower))].sort((a, b) => b.length - a.length);
  // An empty phrase is in everything.
  if (known.at(-1) === '') return { evaluate: () => true };
  const automaton = buildAhoCorasick(known, { caseless: true });
  const byFirst = new Map<string, string[]>();
  for (const phrase of known) {
    const first = phrase.charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return {
    evaluate: (value, run) => {
      if (automaton.first(value) === null) return false;
      if (!run.capturing) return true;
      const lower = asciiLower(value);
      for (let at = 0; at < value.length && run.captures.length < MAX_CAPTURES; at++) {
        const phrase = byFirst
          .get(lower.charAt(at))
          ?.find((candidate) => lower.startsWith(candidate, at));
        if (phrase === undefined) continue;
        run.captures.push(value.slice(at, at + phrase.length));
        at += phrase.length - 1;
      }
      return true;
    },
    requires: () => requiredLiterals(known),
  };
}

/** Each of the phrase's bytes, in one case or the other. */
function phraseNeed(phrase: string, classes: ByteClasses): ClassNeed {
  const lower = asciiLower(phrase);
  const upper = asciiUpper(phrase);
  const mask = (at: number): number =>
    classes.ofByte(lower.charCodeAt(at) & 0xff) | classes.ofByte(upper.charCodeAt(at) & 0xff);
  return allOf(Array.from(phrase, (_, at) => mask(at)));
}

function requiredLiterals(
  phrases: readonly string[],
): ReturnType<NonNullable<CompiledOperator['requires']>> {
  const lower = phrases.map(asciiLower).filter((phrase) => phrase !== '');
  const literals = coveringWindows(lower, phrases.length <= FEW_PHRASES ? LONG_WINDOW : undefined);
  return {
    literals,
    score: literals.reduce((sum, literal) => sum + probability(literal), 0),
  };
}
