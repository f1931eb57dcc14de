// Reads a value once and tells which rules could match it.
//
// A rule is ruled out when the value holds none of the literals that it requires (one automaton looks for those
// of all rules), or is made of bytes of which alone nothing matches it. Where a rule requires no literal that is
// worth looking for, because it sees through quotes and the like, it may require one of values that have none of
// those. The answer is one-sided: "ruled out" has to prove that the rule cannot match. test/differential holds
// programs with filters against programs without, and the reference interpreter has none.

import { asciiLower } from '../base/ascii.ts';
import { ANYTHING, type ClassNeed, needKey, needTests, passes } from '../base/class-need.ts';
import { buildRowScanner, type RowScanner } from '../base/row-scanner.ts';
import type { WholeText } from '../base/row-tables.ts';
import type { Memo } from '../model/memo.ts';
import type { LiteralRequirement } from '../model/operator.ts';
import type { RuleLink } from '../ruleset/ruleset.ts';
import { BYTE_CLASSES, CLASS_OF_BYTE } from './byte-classes.ts';
import type { ValueFilter } from './program.ts';

/** Literals expected more often than this per byte are in most values anyway and only cost time. */
const MOST_EXPECTED = 0.015;

/** What has to be in a value for the link to match, when looking for it is worth while. */
export function worthwhileLiterals({ operator }: RuleLink): LiteralRequirement | undefined {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return undefined;
  const requirement = operator.compiled.requires?.();
  if (requirement === undefined || requirement.literals.length === 0) return undefined;
  return requirement.score <= MOST_EXPECTED ? requirement : undefined;
}

/** What words and paths are made of, whole classes of bytes; shells read most others. */
const PLAIN: readonly string[] = [
  '09',
  'AZ',
  'az',
  '  ',
  '__',
  '--',
  '..',
  ',,',
  '//',
  '::',
  '??',
  '!!',
  '@@',
  '~~',
];
const PLAIN_BYTES: Uint32Array = new Uint32Array(8);
for (const range of PLAIN) {
  for (let byte = range.charCodeAt(0); byte <= range.charCodeAt(1); byte++) {
    PLAIN_BYTES[byte >>> 5]! |= 1 << (byte & 31);
  }
}
const PLAIN_CLASSES = BYTE_CLASSES.ofSet(PLAIN_BYTES);
/** Most values are plain, so literals have to be rare to be worth their states. */
const MOST_EXPECTED_OF_PLAIN = 0.002;

/** What has to be in a value of plain bytes; undefined where that is not worth while. */
function literalsOfPlain({ operator }: RuleLink): LiteralRequirement | undefined {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return undefined;
  const requirement = operator.compiled.requiresOf?.(PLAIN_BYTES);
  if (requirement === undefined || requirement === 'never') return undefined;
  return requirement.score <= MOST_EXPECTED_OF_PLAIN ? requirement : undefined;
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

/** Sets of rules as pairs of a word and its bits, one set behind the other. */
interface RuleSets {
  readonly pairs: Int32Array;
  /** By set: where its pairs end. */
  readonly ends: Int32Array;
}

function ruleSets(sets: readonly Int32Array[]): RuleSets {
  const pairs: number[] = [];
  const ends = sets.map((rules) => {
    rules.forEach((bits, word) => {
      if (bits !== 0) pairs.push(word, bits);
    });
    return pairs.length;
  });
  return { pairs: Int32Array.from(pairs), ends: Int32Array.from(ends) };
}

/** Takes the rules of a set, whose pairs begin at `from`, out of `rules`. */
function takeOut(rules: number[], { pairs }: RuleSets, from: number, end: number): void {
  for (let at = from; at < end; at += 2) rules[pairs[at]!]! &= ~pairs[at + 1]!;
}

/** Adds the rules to those known under the key. */
function addRules<K>(known: Map<K, Int32Array>, key: K, rules: Int32Array): void {
  const all = known.get(key);
  if (all === undefined) known.set(key, rules.slice());
  else for (let word = 0; word < rules.length; word++) all[word]! |= rules[word]!;
}

/**
 * Tells the rules that may match a value of some classes. Every crafted value may have classes of its own, so this
 * cannot all be remembered. Most of what rules need are masks that many of them share; those go first, and the few
 * formulas are asked for what is left.
 */
function possibleRules(needs: readonly NeedyRules[], words: number): ValueFilter['possible'] {
  const byMask = new Map<number, Int32Array>();
  const byFormula = new Map<string, Int32Array>();
  const formulas = new Map<string, ClassNeed>();
  for (const { need, rules } of needs) {
    for (const part of typeof need !== 'number' && need.kind === 'all' ? need.of : [need]) {
      if (typeof part === 'number') addRules(byMask, part, rules);
      else {
        formulas.set(part.key, part);
        addRules(byFormula, part.key, rules);
      }
    }
  }
  const masks = Int32Array.from(byMask.keys());
  const ofMasks = ruleSets([...byMask.values()]);
  const asked = needTests([...formulas.values()]);
  const ofFormulas = ruleSets([...byFormula.values()]);
  return (classes) => {
    const possible = new Array<number>(words).fill(-1);
    let from = 0;
    for (let mask = 0; mask < masks.length; mask++) {
      const end = ofMasks.ends[mask]!;
      if ((masks[mask]! & classes) === 0) takeOut(possible, ofMasks, from, end);
      from = end;
    }
    from = 0;
    for (let formula = 0; formula < ofFormulas.ends.length; formula++) {
      const end = ofFormulas.ends[formula]!;
      if (!passes(asked, formula, classes)) takeOut(possible, ofFormulas, from, end);
      from = end;
    }
    return possible;
  };
}

/** The literals of all rules, each once. */
class SoughtLiterals {
  readonly literals: string[] = [];
  readonly owners: number[][] = [];
  readonly wholes: WholeText[] = [];
  readonly #numbers = new Map<string, number>();

  add({ literals, wholes }: LiteralRequirement, rule: number): void {
    const numbers = literals.map((literal) => this.#numberOf(asciiLower(literal)));
    if (wholes === undefined) {
      for (const number of numbers) this.owners[number]?.push(rule);
      return;
    }
    wholes.texts.forEach((text, at) => {
      const phrase = numbers[wholes.windows[at]!]!;
      const isAll = text.length === this.literals[phrase]?.length;
      if (isAll) this.owners[phrase]?.push(rule);
      else this.wholes.push({ phrase, text, offset: wholes.offsets[at]!, owner: rule });
    });
  }

  #numberOf(literal: string): number {
    let number = this.#numbers.get(literal);
    if (number === undefined) {
      number = this.literals.push(literal) - 1;
      this.owners.push([]);
      this.#numbers.set(literal, number);
    }
    return number;
  }
}

/** Values that are not plain may match rules of which plain ones are asked more. */
function withPlain(scan: RowScanner, unlessPlain: Int32Array): RowScanner {
  if (unlessPlain.every((word) => word === 0)) return scan;
  return (text, found) => {
    const classes = scan(text, found);
    if ((classes & ~PLAIN_CLASSES) !== 0) {
      for (let word = 0; word < unlessPlain.length; word++) found[word]! |= unlessPlain[word]!;
    }
    return classes;
  };
}

/**
 * What the rules with these starters, of which rule `n` has bit `n`, need of a value. Bits without a starter are
 * never set. `id` is 0 for requests and 1 for responses.
 */
export function buildValueFilter(
  starters: readonly (RuleLink | undefined)[],
  id: 0 | 1,
  memo: Memo,
): ValueFilter {
  const words = (starters.length + 31) >> 5;
  const always = new Array<number>(words).fill(0);
  const unlessPlain = new Int32Array(words);
  const sought = new SoughtLiterals();
  starters.forEach((starter, rule) => {
    if (starter === undefined) return;
    const requirement = worthwhileLiterals(starter);
    const ofPlain = requirement === undefined ? literalsOfPlain(starter) : undefined;
    if (requirement !== undefined) sought.add(requirement, rule);
    else if (ofPlain !== undefined) {
      sought.add(ofPlain, rule);
      unlessPlain[rule >> 5]! |= 1 << (rule & 31);
    } else always[rule >> 5]! |= 1 << (rule & 31);
  });
  const { literals, owners, wholes } = sought;
  const scan = buildRowScanner(
    literals,
    owners,
    words,
    CLASS_OF_BYTE,
    undefined,
    // The key is as long as all literals together, and within one load nobody asks twice.
    (make) =>
      memo.outlivesLoad
        ? memo.recall('scanner', JSON.stringify([literals, owners, wholes, words]), make)
        : make(),
    wholes,
  );
  // A function of its own makes it: one made here would keep the literals, which are in the tables.
  return {
    id,
    words,
    read: withPlain(scan, unlessPlain),
    always,
    none: new Array<number>(words).fill(0),
    possible: possibleRules(needsOf(starters, words), words),
  };
}
