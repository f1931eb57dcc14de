// What the store's answers mean for thresholds.

import type {
  ConsumeResult,
  LearnResult,
  MarkResult,
  ObserveResult,
} from '../../state/operations.ts';
import type { BatchResult, Tally, TallyResult } from '../../state/tally.ts';
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

export interface PlannedOutcome extends ThresholdOutcome {
  /**
   * Before it nothing has happened. `results`: of the whole batch. Throws a TypeError when they do not belong
   * to it: a store that answers so has failed.
   */
  readonly conclude: (results: readonly BatchResult[]) => void;
}

/** Of a threshold that is one tally. */
export class TallyOutcome implements PlannedOutcome {
  readonly threshold: Threshold;
  readonly learning = false;
  fired = false;
  isNew = false;
  count = 0;
  limit = 0;
  blockedUntilMs: number | undefined = undefined;
  readonly #tally: Tally;
  readonly #at: number;
  readonly #index: number;
  #counted = false;

  /** Where it stands: the operation of the batch, and the tally in it. */
  constructor(threshold: Threshold, tally: Tally, at: number, index: number) {
    this.threshold = threshold;
    this.#tally = tally;
    this.#at = at;
    this.#index = index;
  }

  conclude(results: readonly BatchResult[]): void {
    const result = results[this.#at];
    if (result?.kind === 'skipped') return;
    const count = result?.kind === 'tally' ? result.counts[this.#index] : undefined;
    if (count === undefined) {
      throw new TypeError(`the store answered a tally with ${result?.kind ?? 'nothing'}`);
    }
    const { limit } = this.#tally;
    this.#counted = true;
    this.count = count;
    this.limit = limit;
    if (count > limit) this.#fire((result as TallyResult).marks?.[this.#index]);
  }

  #fire(mark: MarkResult | undefined): void {
    this.fired = true;
    const isBlock = this.#tally.markPrefix === '';
    const until = mark?.holds === true ? mark.untilMs : undefined;
    this.isNew = isBlock || until === undefined || mark?.isNew === true;
    if (isBlock) this.blockedUntilMs = until;
  }

  get conditions(): readonly ConditionOutcome[] {
    if (!this.#counted) return [];
    const { fired: holds, count, limit } = this;
    return this.threshold.conditions.map(({ condition }) => ({
      condition,
      holds,
      learning: false,
      count,
      limit,
    }));
  }
}

/** Of a threshold whose operations stand by themselves. */
export class HitOutcome implements PlannedOutcome {
  readonly threshold: Threshold;
  fired = false;
  isNew = false;
  learning = false;
  count = 0;
  limit = 0;
  blockedUntilMs: number | undefined = undefined;
  readonly #peek: number;
  readonly #at: readonly number[];
  readonly #block: number;
  readonly #firing: number;
  #results: readonly BatchResult[] = NO_RESULTS;

  /**
   * Where its results stand in the batch. `peek`: of the mark on the scope that was looked at; `at`: of the
   * last operation of each condition, none where there was nothing to count; `block` and `firing`: of the
   * marks that are set when all hold, the block and that it fires. -1: none.
   */
  constructor(
    threshold: Threshold,
    peek: number,
    at: readonly number[],
    block: number,
    firing: number,
  ) {
    this.threshold = threshold;
    this.#peek = peek;
    this.#at = at;
    this.#block = block;
    this.#firing = firing;
  }

  conclude(results: readonly BatchResult[]): void {
    const at = this.#at;
    const { conditions } = this.threshold;
    let fired = at.length > 0;
    let learning = false;
    for (let index = 0; index < at.length; index++) {
      const { condition } = conditions[index]!;
      const result = countedBy(condition, results[at[index]!]);
      if (result === undefined) {
        fired = false;
        continue;
      }
      if (!result.holds) fired = false;
      if (result.kind === 'learn' && result.state === 'learning') learning = true;
      if (index > 0) continue;
      this.count = result.count;
      this.limit = limitOf(condition, result);
    }
    this.fired = fired;
    this.isNew = fired && markAt(results, this.#firing)?.isNew !== false;
    this.learning = learning;
    const block = markAt(results, this.#block) ?? markAt(results, this.#peek);
    this.blockedUntilMs = block?.untilMs;
    this.#results = results;
  }

  // Asked for when there is something to tell, which is seldom.
  get conditions(): readonly ConditionOutcome[] {
    const outcomes: ConditionOutcome[] = [];
    for (const [index, at] of this.#at.entries()) {
      const { condition } = this.threshold.conditions[index]!;
      const result = countedBy(condition, this.#results[at]);
      if (result === undefined) continue;
      const { holds, count } = result;
      const learning = result.kind === 'learn' && result.state === 'learning';
      outcomes.push({ condition, holds, learning, count, limit: limitOf(condition, result) });
    }
    return outcomes;
  }
}

const NO_RESULTS: readonly BatchResult[] = Object.freeze([]);

type CountResult = ConsumeResult | ObserveResult | LearnResult;

/** Undefined: the request did not count. */
function countedBy(condition: Condition, result: BatchResult | undefined): CountResult | undefined {
  const kind = result?.kind;
  if (kind === 'skipped') return undefined;
  const isStatic = 'limit' in condition;
  if (isStatic ? kind === 'consume' || kind === 'observe' : kind === 'learn') {
    return result as CountResult;
  }
  throw new TypeError(`the store answered a condition with ${result?.kind ?? 'nothing'}`);
}

function limitOf(condition: Condition, result: CountResult): number {
  return result.kind === 'learn' ? result.limit : 'limit' in condition ? condition.limit : 0;
}

/** The mark that stands there, if one does. */
function markAt(results: readonly BatchResult[], at: number): MarkResult | undefined {
  if (at < 0) return undefined;
  const result = results[at];
  if (result?.kind === 'skipped') return undefined;
  if (result?.kind !== 'mark' && result?.kind !== 'peek') {
    throw new TypeError(`the store answered a mark with ${result?.kind ?? 'nothing'}`);
  }
  return result.holds ? result : undefined;
}

export function concludeActor(result: BatchResult | undefined): ThresholdBlock | undefined {
  if (result?.kind !== 'peek') {
    throw new TypeError(`the store answered a look with ${result?.kind ?? 'nothing'}`);
  }
  return result.holds ? { by: result.value, untilMs: result.untilMs } : undefined;
}
