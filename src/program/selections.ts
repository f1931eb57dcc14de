// Which rules an exclusion of ctl means. Selectors stand in the rule set, so each is worked out once for a
// program and not once for a request.

import type { RuleSelector } from '../model/control.ts';
import type { Rule } from '../ruleset/ruleset.ts';

/** True when the selector means the rule. */
export function selectsRule(selector: RuleSelector, rule: Rule): boolean {
  switch (selector.by) {
    case 'id':
      return selector.ranges.some(([low, high]) => rule.facts.id >= low && rule.facts.id <= high);
    case 'msg':
      return rule.msg !== undefined && selector.matches(rule.msg.source);
    case 'tag':
      return rule.tags.some((tag) => selector.matches(tag.source));
  }
}

export interface RuleSelections {
  readonly ruleCount: number;
  /** Indices of the rules that the selector means. */
  readonly select: (selector: RuleSelector) => readonly number[];
}

export function createRuleSelections(rules: readonly Rule[]): RuleSelections {
  const known = new WeakMap<RuleSelector, readonly number[]>();
  return {
    ruleCount: rules.length,
    select: (selector) => {
      let indices = known.get(selector);
      if (indices === undefined) {
        indices = rules.filter((rule) => selectsRule(selector, rule)).map((rule) => rule.index);
        known.set(selector, indices);
      }
      return indices;
    },
  };
}
