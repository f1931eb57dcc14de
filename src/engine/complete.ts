// What happens when a rule has matched as a whole: severity, log record, disruptive action.

import type { Rule, RuleLink } from '../ruleset/ruleset.ts';
import { disrupt } from './disrupt.ts';
import { evidenceOf, ruleMatch } from './match-log.ts';
import type { NotedMatch } from './match-source.ts';
import type { TransactionState } from './state.ts';

const NO_TRAIL: readonly NotedMatch[] = Object.freeze([]);

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
  // The next rule starts a list of its own only if this one is in use.
  state.trails.push(state.matched.all.length === 0 ? NO_TRAIL : state.matched.all);
  state.matches.push(disruptive === undefined ? match : { ...match, disruptive });
}
