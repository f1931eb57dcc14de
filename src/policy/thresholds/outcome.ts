// What the store's answers mean for thresholds.

import type {
  ConsumeResult,
  LearnResult,
  MarkResult,
  ObserveResult,
  StateResult,
} from '../../state/operations.ts';
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
  return new HitOutcome(places, results);
}

class HitOutcome implements ThresholdOutcome {
  readonly threshold: Threshold;
  readonly fired: boolean;
  readonly isNew: boolean;
  readonly learning: boolean;
  readonly count: number;
  readonly limit: number;
  readonly blockedUntilMs: number | undefined;
  readonly #places: HitPlaces;
  readonly #results: readonly StateResult[];

  constructor(places: HitPlaces, results: readonly StateResult[]) {
    const { threshold, conditions } = places;
    let fired = conditions.length > 0;
    let learning = false;
    let count = 0;
    let limit = 0;
    for (let index = 0; index < conditions.length; index++) {
      const { condition } = threshold.conditions[index]!;
      const result = countedBy(condition, results[conditions[index]!]);
      fired &&= result?.holds === true;
      if (result === undefined) continue;
      learning ||= result.kind === 'learn' && result.state === 'learning';
      if (index > 0) continue;
      count = result.count;
      limit = limitOf(condition, result);
    }
    this.threshold = threshold;
    this.fired = fired;
    this.isNew = fired && markAt(results, places.firing)?.isNew !== false;
    this.learning = learning;
    this.count = count;
    this.limit = limit;
    const block = markAt(results, places.block) ?? markAt(results, places.peek);
    this.blockedUntilMs = block?.untilMs;
    this.#places = places;
    this.#results = results;
  }

  // Asked for when there is something to tell, which is seldom.
  get conditions(): readonly ConditionOutcome[] {
    const { threshold, conditions } = this.#places;
    const outcomes: ConditionOutcome[] = [];
    for (const [index, at] of conditions.entries()) {
      const { condition } = threshold.conditions[index]!;
      const result = countedBy(condition, this.#results[at]);
      if (result === undefined) continue;
      const { holds, count } = result;
      const learning = result.kind === 'learn' && result.state === 'learning';
      outcomes.push({ condition, holds, learning, count, limit: limitOf(condition, result) });
    }
    return outcomes;
  }
}

type CountResult = ConsumeResult | ObserveResult | LearnResult;

/** Undefined: the request did not count. */
function countedBy(condition: Condition, result: StateResult | undefined): CountResult | undefined {
  if (result?.kind === 'skipped') return undefined;
  const isStatic = 'limit' in condition;
  if (result?.kind === 'learn' && !isStatic) return result;
  if ((result?.kind === 'consume' || result?.kind === 'observe') && isStatic) return result;
  throw new TypeError(`the store answered a condition with ${result?.kind ?? 'nothing'}`);
}

function limitOf(condition: Condition, result: CountResult): number {
  return result.kind === 'learn' ? result.limit : 'limit' in condition ? condition.limit : 0;
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
