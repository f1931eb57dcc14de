// What happens when a rule has matched as a whole: severity, log record, disruptive action.

import type { Rule, RuleLink } from '../ruleset/ruleset.ts';
import { disrupt } from './disrupt.ts';
import { evidenceOf, ruleMatch } from './match-log.ts';
import type { TransactionState } from './state.ts';

/** `link` is the last of the chain and `detail` what its operator left for the log. */
export function completeRule(
  rule: Rule,
  link: RuleLink,
  detail: string,
  state: TransactionState,
): void {
  const { severity } = rule.facts;
  if (severity !== undefined && severity < state.highestSeverity) state.highestSeverity = severity;
  const last = state.matched.last ?? { name: '', value: '' };
  // Texts are expanded before the action is carried out: they describe the match, not its outcome.
  const match = ruleMatch(rule, link, state, last, evidenceOf(link, last.name, detail), undefined);
  const disruptive = disrupt(rule, state);
  state.matches.push(disruptive === undefined ? match : { ...match, disruptive });
}
