// What TX holds in most transactions, and so which rules match in most of them: those that say how CRS is set up.
//
// It is worked out as if nothing matched that looks at a request. Rules that do, and set up something else for
// some requests, make it wrong for these. So it may only decide about speed, never about what a rule sees.

import { writtenMacros } from '../library/macro.ts';
import type { Macro } from '../model/action.ts';
import { loneAnswer } from '../ruleset/lone-answer.ts';
import type { Rule, RuleLink, Target } from '../ruleset/ruleset.ts';

export interface ExpectedValue {
  /** Lower case. */
  readonly key: string;
  /** Undefined: there is no such variable. */
  readonly value: string | undefined;
}

export interface Expectation {
  /** To be called for the phases in order. */
  readonly startPhase: () => void;
  /**
   * The one value of TX that keeps the rule's starter from matching, and from doing anything; undefined where there is
   * none. To be called before `pass`.
   */
  readonly failure: (rule: Rule) => ExpectedValue | undefined;
  /**
   * Whether the rule matches: 'maybe' where that depends on more than TX, or where the rule is skipped. To be called
   * once for each rule of the phase, in order.
   */
  readonly pass: (rule: Rule) => boolean | 'maybe';
}

/** Undefined for what is there with an unknown value. */
type Expected = Map<string, string | undefined>;

/** Undefined where it depends on something unknown. */
function expand({ literal, source }: Macro, tx: Expected): string | undefined {
  if (literal !== undefined) return literal;
  let text = '';
  let from = 0;
  for (const { name, key, offset, length } of writtenMacros(source)) {
    if (name.toUpperCase() !== 'TX' || key === undefined) return undefined;
    const lower = key.toLowerCase();
    const value = tx.has(lower) ? tx.get(lower) : '';
    if (value === undefined) return undefined;
    text += source.slice(from, offset) + value;
    from = offset + length;
  }
  return text + source.slice(from);
}

/** The values of a target; undefined where they are unknown. */
function valuesOf({ variable, selector, count }: Target, tx: Expected): string[] | undefined {
  if (variable.name !== 'TX' || selector?.kind !== 'literal') return undefined;
  const isThere = tx.has(selector.key);
  if (count) return [isThere ? '1' : '0'];
  if (!isThere) return [];
  const value = tx.get(selector.key);
  return value === undefined ? undefined : [value];
}

function testLink(link: RuleLink, tx: Expected): boolean | 'maybe' {
  const { operator, targets, exclusions, transformations } = link;
  if (operator === undefined) return true;
  const { compiled, negated, macro } = operator;
  if (compiled.isPure !== true || exclusions.length > 0 || transformations.length > 0)
    return 'maybe';
  const argument = macro === undefined ? operator.argument : expand(macro, tx);
  if (argument === undefined) return 'maybe';
  let matches = false;
  for (const target of targets) {
    const values = target.exclusions === undefined ? valuesOf(target, tx) : undefined;
    if (values === undefined) return 'maybe';
    for (const value of values) {
      const answer = loneAnswer(compiled, argument, value);
      if (answer === undefined) return 'maybe';
      if (answer !== negated) matches = true;
    }
  }
  return matches;
}

function runEffects({ effects }: RuleLink, tx: Expected): void {
  for (const { assigns } of effects) {
    if (assigns === undefined) continue;
    const value = assigns.value && expand(assigns.value, tx);
    // What begins with a sign is added to something.
    tx.set(assigns.key, value === undefined || /^[+-]/.test(value) ? undefined : value);
  }
}

/** As `Expectation.failure`. */
function failureOf(starter: RuleLink, tx: Expected): ExpectedValue | undefined {
  const { targets, operator, capture } = starter;
  const [target] = targets;
  if (operator === undefined || operator.macro !== undefined) return undefined;
  // A negated operator that finds something does not match, but its captures are stored.
  if (targets.length !== 1 || (operator.negated && capture)) return undefined;
  if (testLink(starter, tx) !== false || target?.selector?.kind !== 'literal') return undefined;
  // What ctl takes away leaves another count, and no value.
  if (target.count) return undefined;
  const { key } = target.selector;
  // Captures are stored later than they are taken.
  if (key.length === 1) return undefined;
  const value = tx.get(key);
  return value === undefined && tx.has(key) ? undefined : { key, value };
}

export function createExpectation(): Expectation {
  const tx: Expected = new Map();
  let resumeAt = 0;
  return {
    startPhase: () => {
      resumeAt = 0;
    },
    failure: ({ index, links }) =>
      index < resumeAt ? undefined : failureOf(links[0] as RuleLink, tx),
    pass: ({ index, links, resumeAt: behind }) => {
      if (index < resumeAt) return 'maybe';
      for (const link of links) {
        const matches = testLink(link, tx);
        if (matches !== true) return matches;
        runEffects(link, tx);
      }
      if (behind !== undefined) resumeAt = behind;
      return true;
    },
  };
}
