// Turns a completed rule into the record that logs and verdicts show.

import type { RuleMatch, RuleTest } from '../model/verdict.ts';
import type { MatchedVariable, TransactionView } from '../model/view.ts';
import type { Rule, RuleLink } from '../ruleset/ruleset.ts';

// ModSecurity v2 cuts patterns in messages at this length.
const SHOWN_ARGUMENT = 252;

/** What the operator of the link saw, in the words of ModSecurity v2's log. */
export function evidenceOf(link: RuleLink, variable: string, detail: string): string {
  const { operator } = link;
  if (operator === undefined) return 'Unconditional match in SecAction.';
  const argument =
    operator.argument.length > SHOWN_ARGUMENT
      ? `${operator.argument.slice(0, SHOWN_ARGUMENT)} ..`
      : operator.argument;
  const { name } = operator.definition;
  if (operator.negated) return `Match of "${name} ${argument}" against "${variable}" required.`;
  if (detail !== '') return `${detail} at ${variable}.`;
  return `Operator ${name}${argument === '' ? '' : ` "${argument}"`} matched at ${variable}.`;
}

/** The test of the link, in parts. */
export function testOf({ operator, test }: RuleLink, view: TransactionView): RuleTest | undefined {
  if (test !== undefined || operator === undefined) return test;
  return {
    operator: operator.definition.name,
    argument: operator.macro === undefined ? operator.argument : operator.macro.expand(view),
    negated: operator.negated,
  };
}

export function ruleMatch(
  rule: Rule,
  link: RuleLink,
  view: TransactionView,
  last: MatchedVariable,
  evidence: string,
  disruptive: RuleMatch['disruptive'],
): RuleMatch {
  return {
    rule: rule.facts,
    phase: rule.phase,
    message: rule.msg === undefined ? '' : (rule.msg.literal ?? rule.msg.expand(view)),
    data: rule.logdata === undefined ? '' : (rule.logdata.literal ?? rule.logdata.expand(view)),
    tags: rule.plainTags ?? rule.tags.map((tag) => tag.literal ?? tag.expand(view)),
    variable: last.name,
    value: last.value,
    evidence,
    test: testOf(link, view),
    logged: rule.log,
    audited: rule.auditlog,
    disruptive,
  };
}
