// Reads a value once and tells which rules could match it.
//
// A rule is ruled out when the value holds none of the literals that it requires (one automaton looks for those
// of all rules), or is made of bytes of which alone nothing matches it. The answer is one-sided: "ruled out"
// has to prove that the rule cannot match. test/differential holds programs with filters against programs
// without, and the reference interpreter has none.

import { asciiLower } from '../base/ascii.ts';
import { ANYTHING, type ClassNeed, mayHold, needKey } from '../base/class-need.ts';
import { buildRowScanner } from '../base/row-scanner.ts';
import type { Memo } from '../model/memo.ts';
import type { LiteralRequirement } from '../model/operator.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import { BYTE_CLASSES, CLASS_OF_BYTE } from './byte-classes.ts';
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

/** Rules that need the same of a value. */
interface NeedyRules {
  readonly need: ClassNeed;
  readonly rules: Int32Array;
}

function needOf({ operator }: RuleLink): ClassNeed {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return ANYTHING;
  return operator.compiled.needs?.(BYTE_CLASSES) ?? ANYTHING;
}

function needsOf(starters: readonly (RuleLink | undefined)[], words: number): NeedyRules[] {
  const byKey = new Map<string, NeedyRules>();
  starters.forEach((starter, rule) => {
    const need = starter === undefined ? ANYTHING : needOf(starter);
    if (need === ANYTHING) return;
    const key = needKey(need);
    const known = byKey.get(key) ?? { need, rules: new Int32Array(words) };
    known.rules[rule >> 5]! |= 1 << (rule & 31);
    byKey.set(key, known);
  });
  return [...byKey.values()];
}

/**
 * What the rules with these starters, of which rule `n` has bit `n`, need of a value. Bits without a starter are
 * never set. `id` tells the filters of a program apart.
 */
export function buildValueFilter(
  starters: readonly (RuleLink | undefined)[],
  id: number,
  memo: Memo,
): ValueFilter {
  const words = (starters.length + 31) >> 5;
  const always = new Array<number>(words).fill(0);
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
  const literals = [...rulesOf.keys()];
  const owners = [...rulesOf.values()];
  const scan = buildRowScanner(literals, owners, words, CLASS_OF_BYTE, undefined, (make) =>
    memo.recall('scanner', JSON.stringify([literals, owners, words]), make),
  );
  return { id, words, read: scan, always, possible: possibleWith(needsOf(starters, words), words) };
}

/** A function of its own: one made above would keep the literals, which are in the tables. */
function possibleWith(needs: readonly NeedyRules[], words: number): ValueFilter['possible'] {
  return (classes) => {
    const rules = new Int32Array(words).fill(-1);
    for (const { need, rules: needy } of needs) {
      if (mayHold(need, classes)) continue;
      for (let word = 0; word < words; word++) rules[word]! &= ~needy[word]!;
    }
    return rules;
  };
}
