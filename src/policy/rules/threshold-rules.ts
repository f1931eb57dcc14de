// Rate limits, enumeration and data loss by user, compiled: whom they count, what they count, and when.

import type { PolicyEventKind } from '../../model/policy-event.ts';
import {
  type CompiledCriteria,
  type CriteriaContext,
  compileCriteria,
} from '../criteria/compile.ts';
import type { DataUserRule } from '../document/data-loss-rule.ts';
import type { EnumerationRule, ThresholdRule } from '../document/threshold-rule.ts';
import type { ExchangeFacts } from '../facts/exchange.ts';
import type { Needs } from '../facts/seen.ts';
import { enumerated } from '../facts/sensitive.ts';
import { later, type Stage } from '../facts/stage.ts';
import { thresholdOf } from '../thresholds/from-rule.ts';
import type { Threshold } from '../thresholds/threshold.ts';
import type { SensitiveData } from './sensitive-data.ts';

/** How much an exchange counts: so many events, or these distinct values, in clear. */
export type Measured =
  | { readonly kind: 'count'; readonly amount: number }
  | { readonly kind: 'distinct'; readonly values: readonly string[] };

export interface CompiledThreshold extends CompiledCriteria {
  readonly rule: ThresholdRule;
  readonly kind: Extract<PolicyEventKind, 'rate-limit' | 'enumeration' | 'data-loss'>;
  readonly counts: Measured['kind'];
  /** What has to have been seen for the count to be whole. */
  readonly needs: Needs | undefined;
  readonly measure: (facts: ExchangeFacts) => Measured;
  readonly threshold: Threshold;
}

const ONE: Measured = Object.freeze({ kind: 'count', amount: 1 });

export function compileRateLimit(rule: ThresholdRule, context: CriteriaContext): CompiledThreshold {
  const { stage, judge } = compileCriteria(rule, context);
  return {
    rule,
    kind: 'rate-limit',
    counts: 'count',
    stage: later(stage, context.userStage),
    judge,
    threshold: thresholdOf('rate-limit', rule, 'count'),
    needs: undefined,
    measure: () => ONE,
  };
}

const STAGE_OF: Readonly<Record<EnumerationRule['of'], Stage>> = Object.freeze({
  path: 'head',
  query: 'head',
  body: 'request',
  sensitive: 'request',
});

const NEEDS_OF: Readonly<Record<EnumerationRule['of'], Needs | undefined>> = Object.freeze({
  path: undefined,
  query: 'arguments',
  body: 'parsed',
  sensitive: 'parsed',
});

/** `data`: for `of: sensitive`, what counts as sensitive. */
export function compileEnumeration(
  rule: EnumerationRule,
  context: CriteriaContext,
  data: SensitiveData | undefined,
): CompiledThreshold {
  const { stage, judge } = compileCriteria(rule, context);
  return {
    rule,
    kind: 'enumeration',
    counts: 'distinct',
    stage: later(later(stage, context.userStage), STAGE_OF[rule.of]),
    judge,
    threshold: thresholdOf('enumeration', rule, 'distinct'),
    needs: NEEDS_OF[rule.of],
    measure: (facts) => {
      const values = enumerated(rule, facts);
      const found = data === undefined ? values : values.flatMap((value) => data.valuesIn(value));
      return { kind: 'distinct', values: found };
    },
  };
}

export function compileDataUser(
  rule: DataUserRule,
  context: CriteriaContext,
  data: SensitiveData,
): CompiledThreshold {
  const { stage, judge } = compileCriteria(rule, context);
  const seenAt: Stage = rule.in === 'request' ? 'request' : 'response';
  return {
    rule,
    kind: 'data-loss',
    counts: rule.count === 'distinct' ? 'distinct' : 'count',
    stage: later(later(stage, context.userStage), seenAt),
    judge,
    needs: rule.in === 'request' ? 'bytes' : 'response',
    threshold: thresholdOf('data-loss', rule, rule.count === 'distinct' ? 'distinct' : 'count'),
    measure: (facts) => {
      const values = data.textsOf(rule.in, facts).flatMap((text) => data.valuesIn(text));
      return rule.count === 'distinct'
        ? { kind: 'distinct', values }
        : { kind: 'count', amount: values.length };
    },
  };
}
