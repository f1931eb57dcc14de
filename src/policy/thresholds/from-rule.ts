// Thresholds of the rules of a policy document.

import type {
  DynamicCondition as DocumentDynamic,
  ThresholdRule,
} from '../document/threshold-rule.ts';
import { type Condition, compileThreshold, type Threshold } from './threshold.ts';

/** Windows of activity before a mean is trusted: an hour of them for windows of five minutes. */
const MIN_WINDOWS = 12;

/** `type`: of the rule, because names are unique within a type only. */
export function thresholdOf(
  type: string,
  rule: ThresholdRule,
  measure: 'count' | 'distinct',
): Threshold {
  const { name, conditions, scope, action, onStoreFailure } = rule;
  const { for: period = 'window' } = rule;
  return compileThreshold({
    id: `${type}/${name}`,
    conditions: conditions.map(
      (condition): Condition =>
        'moreThan' in condition
          ? { limit: condition.moreThan, windowMs: condition.in }
          : dynamicOf(condition),
    ),
    scope: { perUser: scope.users === 'each', perEndpoint: scope.endpoints === 'each' },
    measure,
    action:
      action === 'block'
        ? { kind: 'block', forMs: period === 'forever' ? Infinity : period }
        : { kind: action },
    onStoreFailure,
  });
}

/** A baseline that holds few windows is trusted when half of them have been seen. */
function dynamicOf({ percentAbove, in: windowMs, baseline }: DocumentDynamic): Condition {
  const minWindows = Math.max(1, Math.min(MIN_WINDOWS, Math.floor(baseline / windowMs / 2)));
  return { percentAbove, windowMs, baselineMs: baseline, minWindows };
}
