// What the store's answers mean for thresholds.

import type { MarkResult, StateResult } from '../../state/operations.ts';
import type { Condition, Threshold } from './threshold.ts';

export interface ConditionOutcome {
  readonly condition: Condition;
  readonly holds: boolean;
  /** There is no mean yet, so it cannot hold. */
  readonly learning: boolean;
  /** In the window, with this request. Beyond the limit of a static condition: at least so many. */
  readonly count: number;
  /** May be a fraction where it comes from a mean; while learning 0 or the mean so far and the margin. */
  readonly limit: number;
}

export interface ThresholdOutcome {
  readonly threshold: Threshold;
  /** All conditions hold with this request. */
  readonly fired: boolean;
  /** It fires, and did not during the longest of its windows before: a flood over a limit is new once. */
  readonly isNew: boolean;
  readonly learning: boolean;
  /** Of the first condition. */
  readonly count: number;
  readonly limit: number;
  /** None where the request did not count, because it was blocked already. */
  readonly conditions: readonly ConditionOutcome[];
  /**
   * Until when its scope is blocked (Infinity: for ever), be it by this request; undefined: it is not. That
   * an actor is blocked by another threshold is not said here but in `ThresholdConclusion.actorBlock`.
   */
  readonly blockedUntilMs: number | undefined;
}

export interface ThresholdBlock {
  /** Id of the threshold that blocks. It may be of a rule that is gone from the policy since. */
  readonly by: string;
  readonly untilMs: number;
}

export interface ThresholdConclusion {
  /** The actor was blocked before this request. */
  readonly actorBlock: ThresholdBlock | undefined;
  /** One for each hit, in order. */
  readonly outcomes: readonly ThresholdOutcome[];
}

/** Where the results of one hit stand in the batch. */
export interface HitPlaces {
  readonly threshold: Threshold;
  /** Of the mark on the scope that was looked at; -1: none. */
  readonly peek: number;
  /** Of the last operation of each condition; none where there was nothing to count. */
  readonly conditions: readonly number[];
  /** Of the marks that are set when all hold: the block, and that it fires; -1: none. */
  readonly block: number;
  readonly firing: number;
}

/** Throws a TypeError when results do not belong to the batch: a store that answers so has failed. */
export function concludeHit(places: HitPlaces, results: readonly StateResult[]): ThresholdOutcome {
  const { threshold } = places;
  const conditions: ConditionOutcome[] = [];
  let fired = places.conditions.length > 0;
  let learning = false;
  for (let index = 0; index < places.conditions.length; index++) {
    const result = results[places.conditions[index]!];
    const outcome = concludeCondition(threshold.conditions[index]!.condition, result);
    if (outcome === undefined) {
      fired = false;
      continue;
    }
    conditions.push(outcome);
    fired &&= outcome.holds;
    learning ||= outcome.learning;
  }
  const [first] = conditions;
  const block = markAt(results, places.block) ?? markAt(results, places.peek);
  return {
    threshold,
    fired,
    isNew: fired && markAt(results, places.firing)?.isNew !== false,
    learning,
    count: first === undefined ? 0 : first.count,
    limit: first === undefined ? 0 : first.limit,
    conditions,
    blockedUntilMs: block?.untilMs,
  };
}

function concludeCondition(
  condition: Condition,
  result: StateResult | undefined,
): ConditionOutcome | undefined {
  if (result?.kind === 'skipped') return undefined;
  if ('limit' in condition && (result?.kind === 'consume' || result?.kind === 'observe')) {
    const { holds, count } = result;
    return { condition, holds, learning: false, count, limit: condition.limit };
  }
  if (result?.kind === 'learn') {
    const { holds, state, count, limit } = result;
    return { condition, holds, learning: state === 'learning', count, limit };
  }
  throw new TypeError(`the store answered a condition with ${result?.kind ?? 'nothing'}`);
}

/** The mark that stands there, if one does. */
function markAt(results: readonly StateResult[], at: number): MarkResult | undefined {
  if (at < 0) return undefined;
  const result = results[at];
  if (result?.kind === 'skipped') return undefined;
  if (result?.kind !== 'mark' && result?.kind !== 'peek') {
    throw new TypeError(`the store answered a mark with ${result?.kind ?? 'nothing'}`);
  }
  return result.holds ? result : undefined;
}

export function concludeActor(result: StateResult | undefined): ThresholdBlock | undefined {
  if (result?.kind !== 'peek') {
    throw new TypeError(`the store answered a look with ${result?.kind ?? 'nothing'}`);
  }
  return result.holds ? { by: result.value, untilMs: result.untilMs } : undefined;
}
