// Runs a batch of operations on records: what they mean, written once for the stores of this process.

import { addToDistinct, distinctBytes } from './distinct-record.ts';
import { addToBaseline, learnBytes, sliceLengthMs } from './learn-record.ts';
import { mergedMark } from './mark-record.ts';
import type {
  LearnOperation,
  ListAddOperation,
  ListItemResult,
  MarkOperation,
  MarkResult,
  ObserveOperation,
  ScoreOperation,
  SkippedResult,
  StateOperation,
  StateResult,
} from './operations.ts';
import { addToScore, scoreExpiryMs } from './score-record.ts';
import type { StateSlots } from './slots.ts';
import {
  type BatchOperation,
  type BatchResult,
  type TallyOperation,
  type TallyResult,
  tallyKey,
} from './tally.ts';

const SKIPPED: SkippedResult = Object.freeze({ kind: 'skipped', holds: false });
/** What each request is told when it asks whether its sender is blocked. */
const NOT_MARKED: MarkResult = Object.freeze({
  kind: 'peek',
  holds: false,
  value: '',
  untilMs: 0,
  isNew: false,
});
const SCORE_BYTES = 40;

/** Throws a TypeError for a time that is no number: it would stay in the records. */
export function runOperations(
  slots: StateSlots,
  operations: readonly StateOperation[],
  nowMs: number,
): readonly StateResult[];
export function runOperations(
  slots: StateSlots,
  operations: readonly BatchOperation[],
  nowMs: number,
): readonly BatchResult[];
export function runOperations(
  slots: StateSlots,
  operations: readonly BatchOperation[],
  nowMs: number,
): readonly BatchResult[] {
  if (!Number.isFinite(nowMs)) throw new TypeError(`the time of a batch is ${nowMs}`);
  const results: BatchResult[] = [];
  for (const operation of operations) {
    results.push(
      isOpen(operation, results) ? runOperation(slots, operation, nowMs, results) : SKIPPED,
    );
  }
  return results;
}

function isOpen({ when, unless }: BatchOperation, results: readonly BatchResult[]): boolean {
  if (when !== undefined) {
    for (const index of when) if (results[index]?.holds !== true) return false;
  }
  if (unless !== undefined) {
    for (const index of unless) if (results[index]?.holds === true) return false;
  }
  return true;
}

function runOperation(
  slots: StateSlots,
  operation: BatchOperation,
  nowMs: number,
  results: readonly BatchResult[],
): BatchResult {
  switch (operation.kind) {
    case 'tally':
      return tally(slots, operation, nowMs);
    case 'consume':
      return slots.windows.consume(operation, nowMs);
    case 'observe':
      return observe(slots, operation, nowMs);
    case 'learn':
      return learn(slots, operation, nowMs, results);
    case 'mark':
      return mark(slots, operation, nowMs);
    case 'peek':
      return markResult('peek', slots.marks.get(operation.key), nowMs);
    case 'unmark': {
      const result = markResult('unmark', slots.marks.get(operation.key), nowMs);
      if (result.holds) slots.marks.delete(operation.key);
      return result;
    }
    case 'score':
      return score(slots, operation, nowMs);
    case 'listAdd':
      return listAdd(slots, operation, nowMs);
    case 'listRemove': {
      const { list, item } = operation;
      const untilMs = slots.lists.get(list, item, nowMs);
      if (untilMs !== undefined) slots.lists.delete(list, item);
      return listResult('listRemove', untilMs, false);
    }
    case 'listHas':
      return listResult('listHas', slots.lists.get(operation.list, operation.item, nowMs), false);
    case 'listItems': {
      const { list, limit, after } = operation;
      const { size, items } = slots.lists.items(list, nowMs, limit, after);
      return { kind: 'listItems', holds: size > 0, size, items };
    }
  }
}

function tally(slots: StateSlots, operation: TallyOperation, nowMs: number): TallyResult {
  const counts = operation.tallies.map(nought);
  const isOver = slots.windows.tally(operation, nowMs, counts);
  const marks = isOver ? tallyMarks(slots, operation, nowMs, counts) : undefined;
  return { kind: 'tally', holds: false, counts, marks };
}

const nought = (): number => 0;

function tallyMarks(
  slots: StateSlots,
  operation: TallyOperation,
  nowMs: number,
  counts: readonly number[],
): readonly (MarkResult | undefined)[] {
  return operation.tallies.map((of, index) => {
    if (!(counts[index]! > of.limit)) return undefined;
    const key = of.markPrefix + tallyKey(operation, of.markScope);
    const untilMs = operation.nowMs + of.markMs;
    return mark(slots, { kind: 'mark', key, value: of.markValue, untilMs }, nowMs);
  });
}

function observe(
  { distincts }: StateSlots,
  operation: ObserveOperation,
  nowMs: number,
): StateResult {
  const { key, name = '', windowMs, limit, cap, members } = operation;
  const slot = distincts.open(key, name);
  const { record } = slot;
  const { count, exact, added } = addToDistinct(record, members, nowMs, windowMs, cap);
  distincts.keep(slot, distinctBytes(record, members[0]?.length ?? 0), record.latestMs + windowMs);
  return { kind: 'observe', holds: count > limit, count, exact, added };
}

function learn(
  { learners }: StateSlots,
  operation: LearnOperation,
  nowMs: number,
  results: readonly BatchResult[],
): StateResult {
  const { key, name = '', baseline = key, amount, periodMs } = operation;
  let observed: number | undefined;
  if (typeof amount !== 'number') {
    const counted = results[amount.countOf];
    // What was not counted cannot be compared with anything.
    if (counted === undefined || !('count' in counted)) return SKIPPED;
    observed = counted.count;
  }
  const own = learners.open(key, name);
  const shared = baseline === key ? own : learners.open(baseline, name);
  const result = addToBaseline(own.record, shared.record, operation, observed, nowMs);
  const expiresMs = own.record.window.latestMs + periodMs + sliceLengthMs(operation);
  learners.keep(own, learnBytes(own.record), expiresMs);
  if (shared !== own) learners.keep(shared, learnBytes(shared.record), expiresMs);
  return result;
}

function mark({ marks }: StateSlots, operation: MarkOperation, nowMs: number): MarkResult {
  const { key, value, untilMs, mode } = operation;
  const stored = marks.get(key);
  // Asked now: a store may change the record in place.
  const isNew = stored === undefined || stored.untilMs <= nowMs;
  const merged = mergedMark(stored, { value, untilMs }, mode, nowMs);
  if (merged === undefined) {
    if (stored !== undefined) marks.delete(key);
  } else if (merged !== stored) {
    marks.set(key, merged);
  }
  return markResult('mark', merged, nowMs, isNew);
}

function markResult(
  kind: MarkResult['kind'],
  stored: { readonly value: string; readonly untilMs: number } | undefined,
  nowMs: number,
  isNew = false,
): MarkResult {
  return stored !== undefined && stored.untilMs > nowMs
    ? { kind, holds: true, value: stored.value, untilMs: stored.untilMs, isNew }
    : kind === 'peek'
      ? NOT_MARKED
      : { kind, holds: false, value: '', untilMs: 0, isNew: false };
}

function score({ scores }: StateSlots, operation: ScoreOperation, nowMs: number): StateResult {
  const slot = scores.open(operation.key, operation.name ?? '');
  const value = addToScore(slot.record, operation, nowMs);
  scores.keep(slot, SCORE_BYTES, scoreExpiryMs(slot.record, operation));
  return { kind: 'score', holds: value > (operation.limit ?? Infinity), score: value };
}

function listAdd({ lists }: StateSlots, operation: ListAddOperation, nowMs: number): StateResult {
  const { list, item, untilMs = Infinity, mode } = operation;
  const storedMs = lists.get(list, item, nowMs);
  const stored = storedMs === undefined ? undefined : { value: '', untilMs: storedMs };
  const merged = mergedMark(stored, { value: '', untilMs }, mode, nowMs);
  if (merged === undefined) {
    if (stored !== undefined) lists.delete(list, item);
    return listResult('listAdd', undefined, false);
  }
  if (merged === stored) return listResult('listAdd', stored.untilMs, false);
  const isIn = lists.set(list, item, untilMs, nowMs);
  return listResult('listAdd', isIn ? untilMs : undefined, !isIn);
}

function listResult(
  kind: ListItemResult['kind'],
  untilMs: number | undefined,
  full: boolean,
): ListItemResult {
  return { kind, holds: untilMs !== undefined, untilMs: untilMs ?? 0, full };
}
