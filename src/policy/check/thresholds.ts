// Rate limits, enumeration and data loss: actions, durations, and data that is known.

import { suggest } from '../../diagnostics/suggest.ts';
import { DATA_NAMES } from '../data-names.ts';
import type { DataLossRule } from '../document/data-loss-rule.ts';
import type { EnumerationRule, ThresholdRule } from '../document/threshold-rule.ts';
import { checkCriteria } from './conditions.ts';
import { checkInjection } from './injection.ts';
import type { Reporter } from './reporter.ts';

export function checkThresholdRules(reporter: Reporter): void {
  const { rateLimits, enumeration, dataLossPrevention } = reporter.document;
  for (const rule of rateLimits) checkThreshold(rule, reporter);
  for (const rule of enumeration) checkEnumeration(rule, reporter);
  for (const rule of dataLossPrevention) checkDataLoss(rule, reporter);
  for (const rule of [...rateLimits, ...enumeration]) checkInjection(rule, false, reporter);
  for (const rule of dataLossPrevention) {
    // A rule over both looks at the request in time.
    const isLate = rule.in === 'response' || (rule.kind === 'user' && rule.in === 'both');
    checkInjection(rule, isLate, reporter);
  }
}

function checkThreshold(rule: ThresholdRule, reporter: Reporter): void {
  checkCriteria(rule, reporter);
  if (rule.for !== undefined && rule.action !== 'block') {
    reporter.error(rule, ['for'], {
      code: 'policy-field-without-effect',
      message: `"for" says how long is blocked, and the action is "${rule.action}"`,
      help: 'remove it',
    });
  }
  if (rule.inject !== undefined && rule.action === 'block') {
    reporter.error(rule, ['inject'], {
      code: 'policy-inject-and-block',
      message: 'a blocked request goes nowhere, so no header can be added to it',
      help: 'remove "inject", or use monitor or testing',
    });
  }
  rule.conditions.forEach((condition, index) => {
    if (!('baseline' in condition) || condition.baseline >= 2 * condition.in) return;
    reporter.error(rule, ['conditions', index], {
      code: 'policy-baseline-too-short',
      message: 'the baseline holds fewer than two windows, so nothing can be learnt from it',
      help: 'make the baseline a multiple of the window; the default is 1d',
    });
  });
}

function checkEnumeration(rule: EnumerationRule, reporter: Reporter): void {
  checkThreshold(rule, reporter);
  if (rule.of === 'sensitive') checkData(rule, rule.data ?? [], reporter);
  else if (rule.data !== undefined) {
    reporter.error(rule, ['data'], {
      code: 'policy-field-without-effect',
      message: `"data" goes with of: sensitive, and this rule has of: ${rule.of}`,
      help: 'remove it, or write of: sensitive',
    });
  }
}

function checkDataLoss(rule: DataLossRule, reporter: Reporter): void {
  checkData(rule, rule.data, reporter);
  if (rule.kind === 'user') {
    checkThreshold(rule, reporter);
    return;
  }
  checkCriteria(rule, reporter);
  if (rule.inject !== undefined && rule.action === 'block') {
    reporter.error(rule, ['inject'], {
      code: 'policy-inject-and-block',
      message: 'a blocked exchange goes nowhere, so no header can be added to it',
      help: 'remove "inject", or use monitor or testing',
    });
  }
  const late = rule.payload?.findIndex(({ part }) => part.startsWith('response.')) ?? -1;
  if (rule.in === 'request' && late >= 0) {
    reporter.error(rule, ['payload', late, 'part'], {
      code: 'policy-unreachable',
      message: 'the request is looked at before there is a response, so this rule never looks',
      help: 'remove the condition on the response, or write in: response',
    });
  }
  if (rule.action === 'redact' && rule.in !== 'response') {
    reporter.error(rule, ['in'], {
      code: 'policy-redact-request',
      message:
        'values are replaced in responses only: a changed request is not what its sender meant',
      help: 'write in: response, or block the request',
    });
  }
}

function checkData(rule: object, data: readonly string[], reporter: Reporter): void {
  const { dataTypes, dataSets } = reporter.document;
  const names = [...DATA_NAMES, ...[...dataTypes, ...dataSets].map(({ name }) => name)];
  data.forEach((name, index) => {
    if (names.includes(name)) return;
    const near = suggest(name, names);
    reporter.error(rule, ['data', index], {
      code: 'policy-unknown-data',
      message: `"${name}" is neither a data type nor a data set`,
      help: near === undefined ? '"portcullis policy types" lists them' : `did you mean "${near}"?`,
    });
  });
}
