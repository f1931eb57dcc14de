// Plans the operations of all thresholds that one request counts for, as one batch, and reads the answers.
//
// Whether an actor or a scope is blocked already, the counting, and the block that a threshold sets when all
// its conditions hold are one round trip: the store decides on its own answers, so that no other request
// comes between. Who asks the store, and whether it answers at once or later, is the caller's business; so
// are internal addresses and rows of the table that let a request by.

import type { StateOperation, StateResult } from '../../state/operations.ts';
import { type SubjectKeys, subjectKeys } from './keys.ts';
import { concludeActor, concludeHit, type HitPlaces, type ThresholdConclusion } from './outcome.ts';
import type { Condition, DynamicCondition, Threshold } from './threshold.ts';

/** Members kept of a distinct count; limits below it are exact, higher ones to about 5 %. */
const DISTINCT_CAP = 1024;

export interface ThresholdSubject {
  /** Opaque: who sends the request. */
  readonly actor: string;
  /** Opaque: what it is sent to. */
  readonly endpoint: string;
  /** Default true. False: nothing is blocked, and a request counts although its actor is blocked. */
  readonly mayBlock?: boolean;
  /** Default true. False: means do not move; for requests that something else has blocked. */
  readonly learns?: boolean;
}

/** A request counts for a threshold: with an amount, or with members that are keyed hashes. */
export interface ThresholdHit {
  readonly threshold: Threshold;
  /** For `measure: 'count'`; what is below 1 counts nothing. */
  readonly amount?: number;
  /** For `measure: 'distinct'`. */
  readonly members?: readonly string[];
}

export interface ThresholdPlan {
  /** One batch. `when`, `unless` and `countOf` count from its first operation. */
  readonly operations: readonly StateOperation[];
  /** Throws a TypeError when the results do not belong to the operations: treat it as a failed store. */
  readonly conclude: (results: readonly StateResult[]) => ThresholdConclusion;
  /** What to do when the store has failed. */
  readonly onFailure: () => ThresholdFailure;
}

/** What the rules want when the store has failed. */
export interface ThresholdFailure {
  readonly allow: readonly Threshold[];
  /** They want the request blocked. */
  readonly block: readonly Threshold[];
  /** To be run on a store of this process; undefined when no threshold wants it. */
  readonly local: ThresholdPlan | undefined;
}

type Indices = readonly number[] | undefined;

/** Where the actor's mark is looked at. */
const ACTOR = 0;
const UNLESS_ACTOR: readonly number[] = Object.freeze([ACTOR]);
const NONE: readonly string[] = Object.freeze([]);
const NOWHERE: readonly number[] = Object.freeze([]);

/** Without hits the plan still tells whether the actor is blocked. */
export function planThresholds(
  hits: readonly ThresholdHit[],
  subject: ThresholdSubject,
  nowMs: number,
): ThresholdPlan {
  const batch = new ThresholdBatch(subject, nowMs);
  const places = hits.map((hit) => batch.add(hit));
  return {
    operations: batch.operations,
    conclude: (results) => ({
      actorBlock: concludeActor(results[ACTOR]),
      outcomes: places.map((place) => concludeHit(place, results)),
    }),
    onFailure: () => failureOf(hits, subject, nowMs),
  };
}

function failureOf(
  hits: readonly ThresholdHit[],
  subject: ThresholdSubject,
  nowMs: number,
): ThresholdFailure {
  const wanting = (policy: string): readonly ThresholdHit[] =>
    hits.filter(({ threshold }) => threshold.spec.onStoreFailure === policy);
  const local = wanting('local');
  return {
    allow: wanting('allow').map(({ threshold }) => threshold),
    block: wanting('block').map(({ threshold }) => threshold),
    local: local.length === 0 ? undefined : planThresholds(local, subject, nowMs),
  };
}

class ThresholdBatch {
  readonly operations: StateOperation[];
  readonly #keys: SubjectKeys;
  readonly #mayBlock: boolean;
  readonly #learns: boolean;
  readonly #nowMs: number;

  constructor(
    { actor, endpoint, mayBlock = true, learns = true }: ThresholdSubject,
    nowMs: number,
  ) {
    this.#keys = subjectKeys(actor, endpoint);
    this.#mayBlock = mayBlock;
    this.#learns = learns;
    this.#nowMs = nowMs;
    this.operations = [{ kind: 'peek', key: this.#keys.actorBlock }];
  }

  add({ threshold, amount = 0, members = NONE }: ThresholdHit): HitPlaces {
    const { spec } = threshold;
    const blockMs = this.#mayBlock ? threshold.blockMs : undefined;
    const { perUser, perEndpoint } = spec.scope;
    let unless = this.#mayBlock && spec.countsBlocked !== true ? UNLESS_ACTOR : undefined;
    let blockKey = this.#keys.actorBlock;
    let peek = -1;
    if (!perUser && blockMs !== undefined) {
      blockKey = threshold.blockPrefix + this.#keys.scope(perUser, perEndpoint);
      peek = this.#push({ kind: 'peek', key: blockKey });
      if (unless !== undefined) unless = [ACTOR, peek];
    }
    const isCount = spec.measure === 'count';
    if (isCount ? !(amount >= 1) : members.length === 0) {
      return { threshold, peek, conditions: NOWHERE, block: -1, firing: -1 };
    }
    const key = this.#keys.counters(perUser, perEndpoint);
    const when: number[] = [];
    for (const { condition, name } of threshold.conditions) {
      when.push(
        isCount
          ? this.#count(key, name, condition, amount, unless, perEndpoint)
          : this.#distinct(key, name, condition, members, unless, perEndpoint),
      );
    }
    let block = -1;
    if (blockMs !== undefined) {
      const untilMs = this.#nowMs + blockMs;
      block = this.#push({ kind: 'mark', key: blockKey, value: spec.id, untilMs, when });
    }
    let firing = -1;
    // A block that ends the counting is new whenever it fires; the actor's mark may be of another threshold.
    if (block < 0 || unless === undefined) {
      const firingKey = threshold.firedPrefix + this.#keys.scope(perUser, perEndpoint);
      const untilMs = this.#nowMs + threshold.longestWindowMs;
      firing = this.#push({ kind: 'mark', key: firingKey, value: '', untilMs, when });
    }
    return { threshold, peek, conditions: when, block, firing };
  }

  #count(
    key: string,
    name: string,
    condition: Condition,
    amount: number,
    unless: Indices,
    perEndpoint: boolean,
  ): number {
    if (!('limit' in condition)) {
      return this.#learn(key, name, condition, amount, unless, perEndpoint);
    }
    const { windowMs, limit } = condition;
    return this.#push({ kind: 'consume', key, name, windowMs, limit, amount, unless });
  }

  #distinct(
    key: string,
    name: string,
    condition: Condition,
    members: readonly string[],
    unless: Indices,
    perEndpoint: boolean,
  ): number {
    const { windowMs } = condition;
    const limit = 'limit' in condition ? condition.limit : Infinity;
    const cap = Math.min(DISTINCT_CAP, limit + 1);
    const at = this.#push({ kind: 'observe', key, name, windowMs, limit, cap, members, unless });
    if ('limit' in condition) return at;
    return this.#learn(key, name, condition, { countOf: at }, unless, perEndpoint);
  }

  #learn(
    key: string,
    name: string,
    condition: DynamicCondition,
    amount: number | { readonly countOf: number },
    unless: Indices,
    perEndpoint: boolean,
  ): number {
    const { windowMs, baselineMs, minWindows, percentAbove, mean } = condition;
    return this.#push({
      kind: 'learn',
      key,
      name,
      windowMs,
      periodMs: baselineMs,
      minWindows,
      percentAbove,
      amount,
      learns: this.#learns,
      // Under the key of all users, where nothing of this name is counted: this threshold counts by user.
      baseline: mean === 'shared' ? this.#keys.counters(false, perEndpoint) : undefined,
      unless,
    });
  }

  #push(operation: StateOperation): number {
    return this.operations.push(operation) - 1;
  }
}
