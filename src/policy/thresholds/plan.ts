// Plans the operations of all thresholds that one request counts for, as one batch, and reads the answers.
//
// Whether an actor or a scope is blocked already, the counting, and the block that a threshold sets when all
// its conditions hold are one round trip: the store decides on its own answers, so that no other request
// comes between. Who asks the store, and whether it answers at once or later, is the caller's business; so
// are internal addresses and rows of the table that let a request by.

import type { StateOperation, StateResult } from '../../state/operations.ts';
import { actorBlockKey, keyPart } from './keys.ts';
import { concludeActor, concludeHit, type HitPlaces, type ThresholdConclusion } from './outcome.ts';
import type { CompiledCondition, Threshold } from './threshold.ts';

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

/** Where the actor's mark is looked at. */
const ACTOR = 0;
const UNLESS_ACTOR: readonly number[] = Object.freeze([ACTOR]);

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
  readonly #actorPart: string;
  readonly #endpointPart: string;
  readonly #actorKey: string;
  readonly #mayBlock: boolean;
  readonly #learns: boolean;
  readonly #nowMs: number;

  constructor(
    { actor, endpoint, mayBlock = true, learns = true }: ThresholdSubject,
    nowMs: number,
  ) {
    this.#actorPart = keyPart(actor);
    this.#endpointPart = keyPart(endpoint);
    this.#actorKey = actorBlockKey(actor);
    this.#mayBlock = mayBlock;
    this.#learns = learns;
    this.#nowMs = nowMs;
    this.operations = [{ kind: 'peek', key: this.#actorKey }];
  }

  add({ threshold, amount = 0, members = [] }: ThresholdHit): HitPlaces {
    const { operations } = this;
    const { spec, blockMs } = threshold;
    const { perUser } = spec.scope;
    const markKey = perUser ? this.#actorKey : threshold.markPrefix + this.#endpointOf(threshold);
    let unless: readonly number[] | undefined =
      this.#mayBlock && spec.countsBlocked !== true ? UNLESS_ACTOR : undefined;
    let peek = -1;
    if (!perUser && blockMs !== undefined && this.#mayBlock) {
      peek = operations.push({ kind: 'peek', key: markKey }) - 1;
      if (unless !== undefined) unless = [ACTOR, peek];
    }
    const counts = spec.measure === 'count' ? amount >= 1 : members.length > 0;
    if (!counts) return { threshold, peek, conditions: [], block: -1, firing: -1 };

    const when = threshold.conditions.map((condition) =>
      spec.measure === 'count'
        ? this.#count(threshold, condition, amount, unless)
        : this.#distinct(threshold, condition, members, unless),
    );
    const { id: value } = spec;
    let block = -1;
    if (blockMs !== undefined && this.#mayBlock) {
      const untilMs = this.#nowMs + blockMs;
      block = this.#push({ kind: 'mark', key: markKey, value, untilMs, when });
    }
    let firing = -1;
    // A block that ends the counting is new whenever it fires; the actor's mark may be of another threshold.
    if (block < 0 || unless === undefined) {
      const key = threshold.firedPrefix + this.#scopeOf(threshold);
      const untilMs = this.#nowMs + threshold.longestWindowMs;
      firing = this.#push({ kind: 'mark', key, value: '', untilMs, when });
    }
    return { threshold, peek, conditions: when, block, firing };
  }

  #count(
    threshold: Threshold,
    compiled: CompiledCondition,
    amount: number,
    unless: readonly number[] | undefined,
  ): number {
    const { condition } = compiled;
    if (!('limit' in condition)) return this.#learn(threshold, compiled, amount, unless);
    const { windowMs, limit } = condition;
    const key = this.#keyOf(threshold, compiled);
    return this.#push({ kind: 'consume', key, windowMs, limit, amount, ...gate(unless) });
  }

  #distinct(
    threshold: Threshold,
    compiled: CompiledCondition,
    members: readonly string[],
    unless: readonly number[] | undefined,
  ): number {
    const { condition } = compiled;
    const { windowMs } = condition;
    const key = this.#keyOf(threshold, compiled);
    const limit = 'limit' in condition ? condition.limit : Infinity;
    const cap = Math.min(DISTINCT_CAP, limit + 1);
    const at = this.#push({
      kind: 'observe',
      key,
      windowMs,
      limit,
      cap,
      members,
      ...gate(unless),
    });
    return 'limit' in condition ? at : this.#learn(threshold, compiled, { countOf: at }, unless);
  }

  #learn(
    threshold: Threshold,
    compiled: CompiledCondition,
    amount: number | { readonly countOf: number },
    unless: readonly number[] | undefined,
  ): number {
    const { condition, meanPrefix } = compiled;
    if ('limit' in condition) throw new TypeError('a static condition learns nothing');
    const { windowMs, baselineMs, minWindows, percentAbove, mean } = condition;
    return this.#push({
      kind: 'learn',
      key: this.#keyOf(threshold, compiled),
      windowMs,
      periodMs: baselineMs,
      minWindows,
      percentAbove,
      amount,
      ...(!this.#learns && { learns: false }),
      ...(mean === 'shared' && { baseline: meanPrefix + this.#endpointOf(threshold) }),
      ...gate(unless),
    });
  }

  #keyOf(threshold: Threshold, { prefix }: CompiledCondition): string {
    return prefix + this.#scopeOf(threshold);
  }

  #scopeOf(threshold: Threshold): string {
    const actor = threshold.spec.scope.perUser ? this.#actorPart : '';
    return actor + this.#endpointOf(threshold);
  }

  #endpointOf({ spec }: Threshold): string {
    return spec.scope.perEndpoint ? this.#endpointPart : '';
  }

  #push(operation: StateOperation): number {
    return this.operations.push(operation) - 1;
  }
}

function gate(unless: readonly number[] | undefined): { readonly unless?: readonly number[] } {
  return unless === undefined ? {} : { unless };
}
