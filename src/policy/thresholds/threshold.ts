// Thresholds: what rate limits, enumeration and data loss by user come down to. How much is too much, for
// whom, and what then; compiled, so that a request costs a few keys and one batch of the store.

import { keyPart, SUBJECT } from '../../state/subject-key.ts';
import type { Tally } from '../../state/tally.ts';
import { scopeOf } from './keys.ts';

/** More than `limit` in the window holds: `limit` are let by, the next one is not. */
export interface StaticCondition {
  readonly limit: number;
  readonly windowMs: number;
}

/** More than `percentAbove` per cent above the mean holds, once there is a mean. */
export interface DynamicCondition {
  readonly percentAbove: number;
  readonly windowMs: number;
  readonly baselineMs: number;
  /** Windows that have to be over before there is a mean. */
  readonly minWindows: number;
  /** Default `own`: each user is compared with itself; `shared`: with all users. Of endpoints: per scope. */
  readonly mean?: 'own' | 'shared';
}

export type Condition = StaticCondition | DynamicCondition;

export type ThresholdAction =
  /** Infinity: for ever. `window`: for as long as the longest window of the conditions. */
  | { readonly kind: 'block'; readonly forMs: number | 'window' }
  | { readonly kind: 'monitor' }
  | { readonly kind: 'testing' };

export type StoreFailurePolicy = 'allow' | 'block' | 'local';

export interface ThresholdSpec {
  /** Unique among all thresholds: counters are kept under it. */
  readonly id: string;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  readonly scope: { readonly perUser: boolean; readonly perEndpoint: boolean };
  /** `count`: amounts add up. `distinct`: different members count. */
  readonly measure: 'count' | 'distinct';
  readonly action: ThresholdAction;
  readonly onStoreFailure: StoreFailurePolicy;
  /**
   * Whether requests of those who are blocked count, so that who goes on stays blocked. Default false: a
   * block lasts as long as it says.
   */
  readonly countsBlocked?: boolean;
}

export interface CompiledCondition {
  readonly condition: Condition;
  /** The name of its counters. */
  readonly name: string;
}

export interface Threshold {
  readonly spec: ThresholdSpec;
  readonly conditions: readonly CompiledCondition[];
  /** How long it blocks; undefined when it does not. */
  readonly blockMs: number | undefined;
  readonly longestWindowMs: number;
  /** It as one tally, where it can be one: whoever may be blocked, and who may not. */
  readonly tally: { readonly blocking: Tally | undefined; readonly watching: Tally } | undefined;
  /** Begins the keys of blocks of its scope. */
  readonly blockPrefix: string;
  /** Begins the keys of marks that say that it fires. */
  readonly firedPrefix: string;
}

/** Throws a TypeError for what no document that was checked can hold. */
export function compileThreshold(spec: ThresholdSpec): Threshold {
  const fault = spec.conditions.length === 0 ? 'no conditions' : firstFault(spec.conditions);
  if (fault !== undefined) throw new TypeError(`threshold "${spec.id}" has ${fault}`);
  const { action } = spec;
  const longestWindowMs = Math.max(...spec.conditions.map(({ windowMs }) => windowMs));
  const id = keyPart(spec.id);
  const threshold = {
    spec,
    conditions: spec.conditions.map((condition, index) => ({
      condition,
      name: `${index}${id}`,
    })),
    blockMs:
      action.kind !== 'block'
        ? undefined
        : action.forMs === 'window'
          ? longestWindowMs
          : action.forMs,
    longestWindowMs,
    blockPrefix: `t:s${id}`,
    firedPrefix: `t:f${id}`,
  };
  return Object.freeze({ ...threshold, tally: tallyOf(threshold) });
}

/** With one limit on a count, and blocking nobody or the actor, one operation says all there is. */
function tallyOf({
  spec,
  conditions,
  blockMs,
  longestWindowMs,
  firedPrefix,
}: Omit<Threshold, 'tally'>): Threshold['tally'] {
  const [first, second] = conditions;
  if (first === undefined || second !== undefined || !('limit' in first.condition))
    return undefined;
  if (spec.measure !== 'count' || spec.countsBlocked === true) return undefined;
  const { limit, windowMs } = first.condition;
  const scope = scopeOf(spec.scope.perUser, spec.scope.perEndpoint);
  const counts = { scope, name: first.name, windowMs, limit };
  const watching: Tally = {
    ...counts,
    markPrefix: firedPrefix,
    markScope: scope,
    markValue: '',
    markMs: longestWindowMs,
  };
  if (blockMs === undefined) return { blocking: watching, watching };
  if (!spec.scope.perUser) return { blocking: undefined, watching };
  const blocking: Tally = {
    ...counts,
    markPrefix: '',
    markScope: SUBJECT,
    markValue: spec.id,
    markMs: blockMs,
  };
  return { blocking, watching };
}

function firstFault(conditions: readonly Condition[]): string | undefined {
  for (const condition of conditions) {
    if (!(condition.windowMs > 0)) return `a window of ${condition.windowMs} ms`;
    if ('limit' in condition) {
      if (!(condition.limit >= 0)) return `a limit of ${condition.limit}`;
    } else if (!(condition.percentAbove >= 0)) {
      return `a limit of ${condition.percentAbove} per cent above the mean`;
    } else if (!(condition.baselineMs >= condition.windowMs)) {
      return `a baseline of ${condition.baselineMs} ms, which is shorter than its window`;
    }
  }
  return undefined;
}
