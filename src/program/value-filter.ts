// Reads a value once and tells which rules could match it.
//
// A rule is ruled out when the value holds none of the literals that it requires (one automaton looks for those
// of all rules), or is made of bytes of which alone nothing matches it. The answer is one-sided: "ruled out"
// has to prove that the rule cannot match. test/differential holds programs with filters against programs
// without, and the reference interpreter has none.

import { asciiLower } from '../base/ascii.ts';
import { buildRowScanner } from '../base/row-scanner.ts';
import type { LiteralRequirement } from '../model/operator.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import { bytesOf, CLASS_OF_BYTE, NARROW_ALPHABETS, narrowAlphabetOf } from './byte-classes.ts';
import type { ValueFilter } from './program.ts';

/** Literals expected more often than this per byte are in most values anyway and only cost time. */
const MOST_EXPECTED = 0.015;

/** What has to be in a value for the link to match, when looking for it is worth while. */
function worthwhileLiterals({ operator }: RuleLink): LiteralRequirement | undefined {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return undefined;
  const requirement = operator.compiled.requires?.();
  if (requirement === undefined || requirement.literals.length === 0) return undefined;
  return requirement.score <= MOST_EXPECTED ? requirement : undefined;
}

function mayMatchWithin({ operator }: RuleLink, allowed: Uint8Array): boolean {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return true;
  return operator.compiled.mayMatchWithin?.(allowed) ?? true;
}

/**
 * What the rules with these starters, of which rule `n` has bit `n`, need of a value. Bits without a starter are
 * never set. `id` tells the filters of a program apart.
 */
export function buildValueFilter(
  starters: readonly (RuleLink | undefined)[],
  id: number,
): ValueFilter {
  const words = (starters.length + 31) >> 5;
  const always = new Int32Array(words);
  const rulesOf = new Map<string, number[]>();
  starters.forEach((starter, rule) => {
    if (starter === undefined) return;
    const requirement = worthwhileLiterals(starter);
    if (requirement === undefined) always[rule >> 5]! |= 1 << (rule & 31);
    for (const written of requirement?.literals ?? []) {
      const literal = asciiLower(written);
      const known = rulesOf.get(literal);
      if (known === undefined) rulesOf.set(literal, [rule]);
      else known.push(rule);
    }
  });
  const scan = buildRowScanner([...rulesOf.keys()], [...rulesOf.values()], words, CLASS_OF_BYTE);
  const possible = NARROW_ALPHABETS.map((alphabet) => {
    const allowed = bytesOf(alphabet);
    const rules = new Int32Array(words);
    starters.forEach((starter, rule) => {
      if (starter !== undefined && mayMatchWithin(starter, allowed))
        rules[rule >> 5]! |= 1 << (rule & 31);
    });
    return rules;
  });
  const found = new Int32Array(words);
  return {
    id,
    words,
    read: (value, rules) => {
      found.set(always);
      const classes = scan(value, found);
      const narrow = narrowAlphabetOf(classes);
      const within = possible[narrow];
      for (let word = 0; word < words; word++) {
        rules[word] = within === undefined ? found[word]! : found[word]! & within[word]!;
      }
      return classes;
    },
  };
}
