// Which rule is meant: `SECTION/NAME`, or the bare name where only one rule has it.

import { suggest } from '../../diagnostics/suggest.ts';
import { RULE_SECTIONS, type RuleSection } from '../check/names.ts';
import { EditError } from './edit-error.ts';

export interface NamedRule {
  readonly section: RuleSection;
  readonly name: string;
}

export const ruleTitle = ({ section, name }: NamedRule): string => `${section}/${name}`;

export function isRuleSection(text: string): text is RuleSection {
  return (RULE_SECTIONS as readonly string[]).includes(text);
}

/** Throws `EditError` when no rule is meant, or more than one. */
export function findRule<R extends NamedRule>(rules: readonly R[], wanted: string): R {
  const slash = wanted.indexOf('/');
  const section = wanted.slice(0, Math.max(slash, 0));
  const isFull = isRuleSection(section);
  const found = rules.filter((rule) =>
    isFull
      ? rule.section === section && rule.name === wanted.slice(slash + 1)
      : rule.name === wanted,
  );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    const titles = found.map((rule) => `"${ruleTitle(rule)}"`).join(' and ');
    throw new EditError('ambiguous-rule', `more than one rule is named "${wanted}": ${titles}`, {
      help: 'write the section in front of the name',
    });
  }
  const near = suggest(
    wanted,
    rules.map((rule) => (isFull ? ruleTitle(rule) : rule.name)),
  );
  throw new EditError('unknown-rule', `there is no rule "${wanted}"`, {
    help: near === undefined ? undefined : `did you mean "${near}"?`,
  });
}
