// `tally`: what many rules do with one request, as one operation. It says what several of the plain ones say,
// and stores that know only those are given them instead.

import type { MarkResult, StateOperation, StateResult } from './operations.ts';
import { subjectKey } from './subject-key.ts';

/** One rule: counts in a window, and marks when the window is over its limit. Made once for each rule. */
export interface Tally {
  /** Whose window: a scope of subject-key.ts. */
  readonly scope: number;
  readonly name: string;
  readonly windowMs: number;
  readonly limit: number;
  /** The key of the mark is this text and the key of `markScope`. */
  readonly markPrefix: string;
  readonly markScope: number;
  readonly markValue: string;
  /** How long the mark lasts. Infinity: for ever. */
  readonly markMs: number;
}

/**
 * For each tally in order a `consume` under its key and name, and a `mark` that is set when it holds. Later
 * operations of the batch cannot ask whether a tally holds.
 */
export interface TallyOperation {
  readonly kind: 'tally';
  /** What keys are made of: `tallyKey`. */
  readonly subject: string;
  readonly place: string;
  /** At least one. */
  readonly tallies: readonly Tally[];
  readonly amount: number;
  /** Of the clock of who asks, for the ends of marks. */
  readonly nowMs: number;
  readonly when?: readonly number[] | undefined;
  readonly unless?: readonly number[] | undefined;
}

export interface TallyResult {
  readonly kind: 'tally';
  readonly holds: false;
  /** Of each window, after adding. */
  readonly counts: readonly number[];
  /** At the places of those that hold; undefined when none does. */
  readonly marks: readonly (MarkResult | undefined)[] | undefined;
}

/** So many keys at most: one for each scope. Stores can tell by it how many a batch adds. */
export const MAX_TALLY_KEYS = 4;

/** The key of a scope. */
export function tallyKey({ subject, place }: TallyOperation, scope: number): string {
  return subjectKey(scope, subject, place);
}

export type BatchOperation = StateOperation | TallyOperation;
export type BatchResult = StateResult | TallyResult;

/** A batch in plain operations, and what its results say of the batch. */
export interface PlainBatch {
  readonly operations: readonly StateOperation[];
  /** Throws a TypeError for results that belong to something else. */
  readonly fold: (results: readonly StateResult[]) => readonly BatchResult[];
}

export function plainBatch(operations: readonly BatchOperation[]): PlainBatch {
  const plain: StateOperation[] = [];
  /** Where each operation of the batch begins. */
  const starts: number[] = [];
  const moved = (indices: readonly number[] | undefined): readonly number[] | undefined =>
    indices?.map((index) => starts[index] ?? Number.POSITIVE_INFINITY);
  for (const operation of operations) {
    starts.push(plain.length);
    if (operation.kind === 'tally') plain.push(...untallied(operation, moved, plain.length));
    else plain.push(withGates(operation, moved, starts));
  }
  return {
    operations: plain,
    fold: (results) =>
      operations.map((operation, index) => {
        const start = starts[index]!;
        if (operation.kind === 'tally') return foldTally(operation, results, start);
        return results[start]!;
      }),
  };
}

type Moved = (indices: readonly number[] | undefined) => readonly number[] | undefined;

function withGates(
  operation: StateOperation,
  moved: Moved,
  starts: readonly number[],
): StateOperation {
  const { when, unless } = operation;
  const gated = { ...operation, when: moved(when), unless: moved(unless) };
  if (gated.kind !== 'learn' || typeof gated.amount === 'number') return gated;
  return { ...gated, amount: { countOf: starts[gated.amount.countOf]! } };
}

function untallied(
  operation: TallyOperation,
  moved: Moved,
  start: number,
): readonly StateOperation[] {
  const { tallies, amount, nowMs, when, unless } = operation;
  const gates = { when: moved(when), unless: moved(unless) };
  return tallies.flatMap((tally, index): readonly StateOperation[] => {
    const { name, windowMs, limit, markPrefix, markValue: value } = tally;
    const untilMs = nowMs + tally.markMs;
    const key = tallyKey(operation, tally.scope);
    const markKey = markPrefix + tallyKey(operation, tally.markScope);
    return [
      { kind: 'consume', key, name, windowMs, limit, amount, ...gates },
      { kind: 'mark', key: markKey, value, untilMs, when: [start + 2 * index] },
    ];
  });
}

function foldTally(
  { tallies }: TallyOperation,
  results: readonly StateResult[],
  start: number,
): BatchResult {
  const counts: number[] = [];
  const marks: (MarkResult | undefined)[] = [];
  for (let index = 0; index < tallies.length; index++) {
    const counted = results[start + 2 * index];
    const mark = results[start + 2 * index + 1];
    // One gate is for all of them.
    if (counted?.kind === 'skipped') return counted;
    if (counted?.kind !== 'consume' || (mark?.kind !== 'mark' && mark?.kind !== 'skipped')) {
      throw new TypeError(`the store answered a tally with ${counted?.kind ?? 'nothing'}`);
    }
    counts.push(counted.count);
    marks.push(mark.kind === 'mark' ? mark : undefined);
  }
  const holds = marks.some((mark) => mark !== undefined);
  return { kind: 'tally', holds: false, counts, marks: holds ? marks : undefined };
}
