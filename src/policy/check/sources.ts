// Malicious sources: one criterion each, and only the actions that the matrix allows for it.

import { IP_TYPES } from '../document/criteria.ts';
import { SOURCE_MATRIX, type SourceCriterion, type SourceRule } from '../document/source-rule.ts';
import { placeText } from './names.ts';
import { patternProblem } from './patterns.ts';
import type { Reporter } from './reporter.ts';

const CRITERIA = Object.keys(SOURCE_MATRIX) as readonly SourceCriterion[];

export function checkSourceRules(reporter: Reporter): void {
  for (const rule of reporter.document.sources) {
    const criteria = CRITERIA.filter((key) => rule[key] !== undefined);
    const [criterion] = criteria;
    if (criterion === undefined) {
      reporter.error(rule, [], {
        code: 'policy-source-criterion',
        message: `the source rule "${rule.name}" names no source`,
        help: `give it one of ${CRITERIA.join(', ')}`,
      });
    } else if (criteria.length > 1) {
      reporter.error(rule, [criteria[1] as string], {
        code: 'policy-source-criterion',
        message: `the source rule "${rule.name}" has ${criteria.join(' and ')}, expected one kind`,
        help: 'write one rule for each kind',
      });
    } else checkAction(rule, criterion, reporter);
    checkEmails(rule, reporter);
    if (rule.covers !== undefined && rule.action !== 'allow') {
      reporter.error(rule, ['covers'], {
        code: 'policy-field-without-effect',
        message: `"covers" says what an allow rule overrides, and "${rule.name}" has "${rule.action}"`,
        help: 'remove it',
      });
    }
  }
  checkOneBlockAllExcept(reporter);
}

function checkAction(rule: SourceRule, criterion: SourceCriterion, reporter: Reporter): void {
  const allowed = SOURCE_MATRIX[criterion];
  if (allowed.includes(rule.action)) return;
  reporter.error(rule, ['action'], {
    code: 'policy-action-matrix',
    message: `"${rule.action}" is not possible by ${criterion}, expected ${allowed.join(' or ')}`,
    help:
      criterion === 'emails' && rule.action === 'blockAllExcept'
        ? 'write block: { allEmailDomainsExcept: [...] } at the top of the document'
        : criterion === 'emails' && rule.action === 'allow'
          ? 'write allow: { emailDomains: [...] } at the top of the document'
          : undefined,
  });
}

function checkEmails(rule: SourceRule, reporter: Reporter): void {
  const { emails, ipTypes } = rule;
  if (
    ipTypes !== undefined &&
    new Set(ipTypes).size === IP_TYPES.length &&
    rule.action === 'block'
  ) {
    reporter.warn(rule, ['ipTypes'], {
      code: 'policy-overlap',
      message: 'all kinds of addresses are listed; addresses of unknown kind still pass',
    });
  }
  if (emails === undefined) return;
  const { disposable, leaked, domains, matches, fraudScoreAbove } = emails;
  if (!disposable && !leaked && domains.length + matches.length === 0) {
    if (fraudScoreAbove === undefined) {
      reporter.error(rule, ['emails'], {
        code: 'policy-source-criterion',
        message: `the emails of "${rule.name}" name nothing`,
        help: 'give disposable: true, leaked: true, domains, matches or fraudScoreAbove',
      });
    }
  }
  matches.forEach((pattern, index) => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) reporter.error(rule, ['emails', 'matches', index], problem);
  });
}

const EVERYWHERE = 'every environment';

/** Two of them in one environment would block everybody. */
function checkOneBlockAllExcept(reporter: Reporter): void {
  const first = new Map<string, SourceRule>();
  for (const rule of reporter.document.sources) {
    if (rule.action !== 'blockAllExcept' || !rule.enabled) continue;
    const places = rule.environment ?? [EVERYWHERE];
    const other = places.includes(EVERYWHERE)
      ? [...first.values()][0]
      : (first.get(EVERYWHERE) ?? places.map((place) => first.get(place)).find(Boolean));
    if (other === undefined) {
      for (const place of places) first.set(place, rule);
      continue;
    }
    reporter.error(rule, ['action'], {
      code: 'policy-second-block-all-except',
      message: `"${rule.name}" is a second blockAllExcept for ${rule.environment?.join(', ') ?? EVERYWHERE}; the first is "${other.name}"${placeText(other, reporter)}`,
      help: 'together they would block everybody outside both; join them into one rule',
    });
  }
}
