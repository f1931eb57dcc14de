// What the store's answers mean for thresholds.

import type {
  ConsumeResult,
  LearnResult,
  MarkResult,
  ObserveResult,
} from '../../state/operations.ts';
import type { BatchResult, Tally } from '../../state/tally.ts';
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

/** Of the thresholds that one operation tallies, which come one behind the other. */
export class TallyOutcomes {
  readonly #at: number;
  readonly #tallies: readonly Tally[];
  readonly #hits: readonly { readonly threshold: Threshold }[];
  readonly #first: number;

  /** `at`: where the operation stands in the batch; `first`: the hit of its first tally. */
  constructor(
    at: number,
    tallies: readonly Tally[],
    hits: readonly { readonly threshold: Threshold }[],
    first: number,
  ) {
    this.#at = at;
    this.#tallies = tallies;
    this.#hits = hits;
    this.#first = first;
  }

  /**
   * `results`: of the whole batch. Throws a TypeError when they do not belong to it: a store that answers so
   * has failed.
   */
  conclude(results: readonly BatchResult[]): readonly ThresholdOutcome[] {
    const result = results[this.#at];
    const tallies = this.#tallies;
    const hits = this.#hits;
    const first = this.#first;
    if (result?.kind === 'skipped') {
      return tallies.map(
        (_, index) => new TallyOutcome(hits[first + index]!.threshold, undefined, 0, undefined),
      );
    }
    if (result?.kind !== 'tally' || result.counts.length !== tallies.length) {
      throw new TypeError(`the store answered a tally with ${result?.kind ?? 'nothing'}`);
    }
    const { counts, marks } = result;
    return tallies.map((tally, index) => {
      const mark = marks === undefined ? undefined : marks[index];
      return new TallyOutcome(hits[first + index]!.threshold, tally, counts[index]!, mark);
    });
  }
}

/** Mostly nobody is over a limit, and then what follows from the count is not asked for. */
class TallyOutcome implements ThresholdOutcome {
  readonly threshold: Threshold;
  readonly count: number;
  readonly #tally: Tally | undefined;
  readonly #mark: MarkResult | undefined;

  /** Without a tally the request did not count. `mark`: the one that was set, when it fires. */
  constructor(
    threshold: Threshold,
    tally: Tally | undefined,
    count: number,
    mark: MarkResult | undefined,
  ) {
    this.threshold = threshold;
    this.count = count;
    this.#tally = tally;
    this.#mark = mark;
  }

  get limit(): number {
    return this.#tally?.limit ?? 0;
  }

  get fired(): boolean {
    return this.count > this.limit;
  }

  get isNew(): boolean {
    if (!this.fired) return false;
    return blocks(this.#tally) || this.#mark?.holds !== true || this.#mark.isNew;
  }

  get learning(): boolean {
    return false;
  }

  get blockedUntilMs(): number | undefined {
    const mark = this.#mark;
    return mark?.holds === true && blocks(this.#tally) ? mark.untilMs : undefined;
  }

  get conditions(): readonly ConditionOutcome[] {
    if (this.#tally === undefined) return [];
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

/** Its mark blocks the actor. */
const blocks = (tally: Tally | undefined): boolean => tally?.markPrefix === '';

/** Of a threshold whose operations stand by themselves. */
export class HitOutcome implements ThresholdOutcome {
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

  /** As with tallies; once, and before it nothing has happened. */
  conclude(results: readonly BatchResult[]): readonly ThresholdOutcome[] {
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
    return [this];
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
