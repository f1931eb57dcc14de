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

export interface RuleSelection {
  /** Of the rules that the selector means. */
  readonly indices: readonly number[];
  /** By index: 1 for these rules. */
  readonly has: Uint8Array;
}

export interface RuleSelections {
  readonly select: (selector: RuleSelector) => RuleSelection;
}

export function createRuleSelections(rules: readonly Rule[]): RuleSelections {
  const known = new WeakMap<RuleSelector, RuleSelection>();
  return {
    select: (selector) => {
      let selection = known.get(selector);
      if (selection === undefined) {
        const indices = rules
          .filter((rule) => selectsRule(selector, rule))
          .map((rule) => rule.index);
        const has = new Uint8Array(rules.length);
        for (const index of indices) has[index] = 1;
        selection = { indices, has };
        known.set(selector, selection);
      }
      return selection;
    },
  };
}
