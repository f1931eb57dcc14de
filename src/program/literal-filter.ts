// One automaton over the literals of all rules of a phase: a value is read once, and the rules that none of
// its literals belong to need not be run on it.
//
// The answer is one-sided. "Not marked" has to prove that the rule cannot match; a literal wrongly called
// required would let an attack through. test/differential holds programs with filters against programs
// without, and the reference interpreter has none.

import { buildAhoCorasick } from '../base/aho-corasick.ts';
import type { LiteralRequirement } from '../model/operator.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import type { LiteralFilter } from './program.ts';

/** Literals expected more often than this per byte are in most values anyway and only cost time. */
const MOST_EXPECTED = 0.015;

/** Complete rows for the automaton: it reads every value of every request. */
const TABLE_BYTES = 8 * 1024 * 1024;

/** What has to be in a value for the link to match, when looking for it is worth while. */
export function worthwhileLiterals({ operator }: RuleLink): LiteralRequirement | undefined {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return undefined;
  const requirement = operator.compiled.requires?.();
  if (requirement === undefined || requirement.literals.length === 0) return undefined;
  return requirement.score <= MOST_EXPECTED ? requirement : undefined;
}

export interface LiteralFilterBuilder {
  /** The bit of a rule with these literals. */
  readonly add: (requirement: LiteralRequirement) => number;
  /** Undefined when there is nothing to filter. */
  readonly build: () => LiteralFilter | undefined;
}

export function createLiteralFilterBuilder(): LiteralFilterBuilder {
  const rulesOf = new Map<string, number[]>();
  let rules = 0;
  return {
    add: ({ literals }) => {
      const rule = rules++;
      for (const literal of literals) {
        const known = rulesOf.get(literal);
        if (known === undefined) rulesOf.set(literal, [rule]);
        else known.push(rule);
      }
      return rule;
    },
    build: () => {
      if (rules === 0) return undefined;
      const words = (rules + 31) >> 5;
      const owners = [...rulesOf.values()].map((list) => Int32Array.from(list));
      const automaton = buildAhoCorasick([...rulesOf.keys()], {
        caseless: true,
        maxTableBytes: TABLE_BYTES,
      });
      const phraseWords = (owners.length + 31) >> 5;
      const found = new Int32Array(phraseWords);
      return {
        words,
        mark: (value, bits) => {
          found.fill(0);
          automaton.mark(value, found);
          for (let word = 0; word < phraseWords; word++) {
            for (let rest = found[word]!; rest !== 0; rest &= rest - 1) {
              const phrase = (word << 5) | (31 - Math.clz32(rest & -rest));
              for (const rule of owners[phrase]!) bits[rule >> 5]! |= 1 << (rule & 31);
            }
          }
        },
      };
    },
  };
}
