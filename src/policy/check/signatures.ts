// Custom signatures: what may go with which action.

import type { Criteria } from '../document/criteria.ts';
import type { SignatureRule } from '../document/signature-rule.ts';
import { checkCriteria } from './conditions.ts';
import { checkInjection } from './injection.ts';
import type { Reporter } from './reporter.ts';

export function checkSignatures(reporter: Reporter): void {
  for (const rule of reporter.document.signatures) {
    checkCriteria(rule, reporter);
    checkAction(rule, reporter);
    checkInjection(rule, false, reporter);
    if (rule.secRule === undefined && !hasCriteria(rule)) {
      reporter.error(rule, [], {
        code: 'policy-no-criteria',
        message: `the signature "${rule.name}" has no criteria, so it would match every request`,
        help: 'give it source, payload, attributes, secRule, or a target',
      });
    }
  }
}

export function hasCriteria({ source, payload, attributes, target }: Criteria): boolean {
  return [source, payload, attributes, target].some(
    (part) => part !== undefined && Object.values(part).some((value) => value !== undefined),
  );
}

function checkAction(rule: SignatureRule, reporter: Reporter): void {
  const { action } = rule;
  if (rule.severity !== undefined && action !== 'monitor' && action !== 'block') {
    reporter.error(rule, ['severity'], {
      code: 'policy-field-without-effect',
      message: `a signature with "${action}" has no severity; monitor and block have one`,
      help: 'remove it',
    });
  }
  if (rule.inject !== undefined && action === 'block') {
    reporter.error(rule, ['inject'], {
      code: 'policy-inject-and-block',
      message: 'a blocked request goes nowhere, so no header can be added to it',
      help: 'remove "inject", or use monitor or allow',
    });
  }
  if (rule.for !== undefined && action !== 'block' && action !== 'allow') {
    reporter.error(rule, ['for'], {
      code: 'policy-field-without-effect',
      message: `"for" says how long a user is blocked or allowed, and the action is "${action}"`,
      help: 'remove it',
    });
  }
}
