// Plans the operations of all thresholds that one request counts for, as one batch, and reads the answers.
//
// Whether an actor or a scope is blocked already, the counting, and the block that a threshold sets when all
// its conditions hold are one round trip: the store decides on its own answers, so that no other request
// comes between. Who asks the store, and whether it answers at once or later, is the caller's business; so
// are internal addresses and rows of the table that let a request by.

import { subjectKey } from '../../state/subject-key.ts';
import type { BatchOperation, BatchResult, Tally } from '../../state/tally.ts';
import { actorBlockKey, scopeOf } from './keys.ts';
import {
  concludeActor,
  HitOutcome,
  TallyOutcomes,
  type ThresholdConclusion,
  type ThresholdOutcome,
} from './outcome.ts';
import type { CompiledCondition, DynamicCondition, Threshold } from './threshold.ts';

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

/** What the rules want when the store has failed. */
export interface ThresholdFailure {
  readonly allow: readonly Threshold[];
  /** They want the request blocked. */
  readonly block: readonly Threshold[];
  /** To be run on a store of this process; undefined when no threshold wants it. */
  readonly local: ThresholdPlan | undefined;
}

type Indices = readonly number[] | undefined;

const NONE: readonly string[] = Object.freeze([]);
const NO_OUTCOMES: readonly ThresholdOutcome[] = Object.freeze([]);
const NOWHERE: readonly number[] = Object.freeze([]);
/** Mostly a threshold has one condition, early in a batch: the lists of one index are made once. */
const ALONE: readonly (readonly number[])[] = Object.freeze(
  Array.from({ length: 256 }, (_, index) => Object.freeze([index])),
);

/**
 * Without hits the plan still tells whether the actor is blocked. `operations`: what is before them in the
 * batch.
 */
export function planThresholds(
  hits: readonly ThresholdHit[],
  subject: ThresholdSubject,
  nowMs: number,
  operations: BatchOperation[] = [],
): ThresholdPlan {
  return new ThresholdPlan(hits, subject, nowMs, operations);
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

export class ThresholdPlan {
  /** One batch: what was there before, then the thresholds'. */
  readonly operations: readonly BatchOperation[];
  readonly #operations: BatchOperation[];
  readonly #hits: readonly ThresholdHit[];
  readonly #subject: ThresholdSubject;
  /** Where a block of the actor is marked, and what it does is counted: marks and counters never meet. */
  readonly #actorKey: string;
  /** By scope, of counters that are asked for by their keys. */
  #keys: string[] | undefined = undefined;
  readonly #mayBlock: boolean;
  readonly #learns: boolean;
  readonly #nowMs: number;
  /** Where the actor's mark is looked at. */
  readonly #actor: number;
  readonly #unless: Indices;
  /** In the order of the hits. */
  readonly #planned: (TallyOutcomes | HitOutcome)[] = [];
  /** Of the operation that goes on taking tallies, and what all of them count. */
  #tallies: Tally[] | undefined = undefined;
  #tallied = 0;

  constructor(
    hits: readonly ThresholdHit[],
    subject: ThresholdSubject,
    nowMs: number,
    operations: BatchOperation[],
  ) {
    const { actor, mayBlock = true, learns = true } = subject;
    this.operations = operations;
    this.#operations = operations;
    this.#hits = hits;
    this.#subject = subject;
    this.#actorKey = actorBlockKey(actor);
    this.#mayBlock = mayBlock;
    this.#learns = learns;
    this.#nowMs = nowMs;
    this.#actor = this.#push({ kind: 'peek', key: this.#actorKey });
    this.#unless = mayBlock ? alone(this.#actor) : undefined;
    for (let index = 0; index < hits.length; index++) this.#add(hits[index]!, index);
  }

  /**
   * Once, with the results of the whole batch. Throws a TypeError when they do not belong to the operations:
   * treat it as a failed store.
   */
  conclude(results: readonly BatchResult[]): ThresholdConclusion {
    const actorBlock = concludeActor(results[this.#actor]);
    const [first, ...others] = this.#planned;
    let outcomes: readonly ThresholdOutcome[] = first?.conclude(results) ?? NO_OUTCOMES;
    if (others.length > 0) {
      outcomes = outcomes.concat(others.flatMap((planned) => planned.conclude(results)));
    }
    return { actorBlock, outcomes };
  }

  /** What to do when the store has failed. */
  onFailure(): ThresholdFailure {
    return failureOf(this.#hits, this.#subject, this.#nowMs);
  }

  #add({ threshold, amount = 0, members = NONE }: ThresholdHit, index: number): void {
    const { tally } = threshold;
    if (tally !== undefined && amount >= 1) {
      const one = this.#mayBlock ? tally.blocking : tally.watching;
      if (one !== undefined) {
        this.#tally(index, one, amount);
        return;
      }
    }
    this.#tallies = undefined;
    this.#planned.push(this.#apart(threshold, amount, members));
  }

  #tally(index: number, tally: Tally, amount: number): void {
    const tallies = this.#tallies;
    if (tallies !== undefined && this.#tallied === amount) {
      tallies.push(tally);
      return;
    }
    const begun = [tally];
    const at = this.#push({
      kind: 'tally',
      subject: this.#subject.actor,
      place: this.#subject.endpoint,
      tallies: begun,
      amount,
      nowMs: this.#nowMs,
      unless: this.#unless,
    });
    this.#tallies = begun;
    this.#tallied = amount;
    this.#planned.push(new TallyOutcomes(at, begun, this.#hits, index));
  }

  #apart(threshold: Threshold, amount: number, members: readonly string[]): HitOutcome {
    const { spec } = threshold;
    const blockMs = this.#mayBlock ? threshold.blockMs : undefined;
    const { perUser, perEndpoint } = spec.scope;
    const key = this.#keyOf(scopeOf(perUser, perEndpoint));
    let unless = spec.countsBlocked === true ? undefined : this.#unless;
    let blockKey = this.#actorKey;
    let peek = -1;
    if (!perUser && blockMs !== undefined) {
      blockKey = threshold.blockPrefix + key;
      peek = this.#push({ kind: 'peek', key: blockKey });
      if (unless !== undefined) unless = [this.#actor, peek];
    }
    const isCount = spec.measure === 'count';
    if (isCount ? !(amount >= 1) : members.length === 0) {
      return new HitOutcome(threshold, peek, NOWHERE, -1, -1);
    }
    const { conditions } = threshold;
    const at = isCount
      ? this.#count(key, conditions, amount, unless, perEndpoint)
      : this.#distinct(key, conditions, members, unless, perEndpoint);
    let block = -1;
    if (blockMs !== undefined) {
      const untilMs = this.#nowMs + blockMs;
      block = this.#push({ kind: 'mark', key: blockKey, value: spec.id, untilMs, when: at });
    }
    let firing = -1;
    // A block that ends the counting is new whenever it fires; the actor's mark may be of another threshold.
    if (block < 0 || unless === undefined) {
      const firingKey = threshold.firedPrefix + key;
      const untilMs = this.#nowMs + threshold.longestWindowMs;
      firing = this.#push({ kind: 'mark', key: firingKey, value: '', untilMs, when: at });
    }
    return new HitOutcome(threshold, peek, at, block, firing);
  }

  /** Answers the indices of what counts each condition. */
  #count(
    key: string,
    conditions: readonly CompiledCondition[],
    amount: number,
    unless: Indices,
    perEndpoint: boolean,
  ): readonly number[] {
    return conditions.map(({ condition, name }) => {
      if (!('limit' in condition)) {
        return this.#learn(key, name, condition, amount, unless, perEndpoint);
      }
      const { windowMs, limit } = condition;
      return this.#push({ kind: 'consume', key, name, windowMs, limit, amount, unless });
    });
  }

  #distinct(
    key: string,
    conditions: readonly CompiledCondition[],
    members: readonly string[],
    unless: Indices,
    perEndpoint: boolean,
  ): readonly number[] {
    return conditions.map(({ condition, name }) => {
      const { windowMs } = condition;
      const limit = 'limit' in condition ? condition.limit : Infinity;
      const cap = Math.min(DISTINCT_CAP, limit + 1);
      const at = this.#push({ kind: 'observe', key, name, windowMs, limit, cap, members, unless });
      if ('limit' in condition) return at;
      return this.#learn(key, name, condition, { countOf: at }, unless, perEndpoint);
    });
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
      baseline: mean === 'shared' ? this.#keyOf(scopeOf(false, perEndpoint)) : undefined,
      unless,
    });
  }

  /** Each key is made once: the same text again costs the store no hashing. */
  #keyOf(scope: number): string {
    this.#keys ??= [this.#actorKey];
    const { actor, endpoint } = this.#subject;
    const key = this.#keys[scope] ?? subjectKey(scope, actor, endpoint);
    this.#keys[scope] = key;
    return key;
  }

  #push(operation: BatchOperation): number {
    return this.#operations.push(operation) - 1;
  }
}

const alone = (index: number): readonly number[] => ALONE[index] ?? [index];
