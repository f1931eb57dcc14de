// The baseline of a threshold: the record behind `learn`. Beside the sliding count of what is happening now
// it keeps what past windows held, in slices of the period.
//
// A window begins with an event and lasts windowMs, so windows without events do not exist: a user who comes
// once a day is compared with the visits, not with the silence between them. A window is learnt when an
// event comes after its end, never before, so the current window cannot move its own limit. What is above
// the limit is learnt as the limit: one attack cannot make room for the next.

import { BASELINE_SLICES, type LearnOperation, type LearnResult } from './operations.ts';
import { clockShift } from './record-clock.ts';
import {
  addToWindow,
  newWindow,
  shiftWindow,
  type WindowRecord,
  windowBytes,
} from './window-record.ts';

/** The windows that began in a stretch of time and are over. */
export interface BaselineSlice {
  startMs: number;
  sum: number;
  windows: number;
}

export interface LearnRecord {
  readonly window: WindowRecord;
  /** When the window that is being learnt began; -Infinity when there is none. */
  startMs: number;
  sum: number;
  /** Oldest first. */
  slices: BaselineSlice[];
}

const RECORD_BYTES = 120;
const SLICE_BYTES = 56;

export function newLearner(): LearnRecord {
  return { window: newWindow(), startMs: -Infinity, sum: 0, slices: [] };
}

/** About what it takes in memory. */
export function learnBytes({ window, slices }: LearnRecord): number {
  return RECORD_BYTES + windowBytes(window) + slices.length * SLICE_BYTES;
}

/**
 * Counts, and learns the window that is over.
 *
 * `baseline` is the record whose slices hold the mean: the same one, or one that several share.
 * `observed` is the count in the current window where the operation takes it from another one.
 */
export function addToBaseline(
  own: LearnRecord,
  baseline: LearnRecord,
  operation: LearnOperation,
  observed: number | undefined,
  nowMs: number,
): LearnResult {
  const { windowMs, periodMs } = operation;
  settle(own, nowMs);
  if (baseline !== own) settle(baseline, nowMs);
  const added = typeof operation.amount === 'number' ? Math.floor(operation.amount) : 0;
  const atMs = addToWindow(own.window, added, nowMs, windowMs, Infinity);
  const { latestMs } = baseline.window;
  if (atMs > latestMs) baseline.window.latestMs = atMs;

  const lengthMs = sliceLengthMs(operation);
  forget(baseline, atMs - periodMs - lengthMs);
  if (own.startMs !== -Infinity && atMs >= own.startMs + windowMs) {
    const { isLearnt, limit } = limitOf(baseline, operation);
    const sliceMs = Math.floor(own.startMs / lengthMs) * lengthMs;
    if (sliceMs > atMs - periodMs - lengthMs) {
      addSlice(baseline, sliceMs, isLearnt ? Math.min(own.sum, limit) : own.sum);
    }
    own.startMs = -Infinity;
    own.sum = 0;
  }

  if (operation.learns !== false && (observed ?? added) >= 1) {
    if (own.startMs === -Infinity) own.startMs = atMs;
    own.sum = observed === undefined ? own.sum + added : Math.max(own.sum, observed);
  }
  const count = observed ?? own.window.total;
  const { isLearnt, mean, limit } = limitOf(baseline, operation);
  const state = isLearnt ? 'learnt' : 'learning';
  return { kind: 'learn', holds: isLearnt && count > limit, state, mean, limit, count };
}

export function sliceLengthMs({ windowMs, periodMs }: LearnOperation): number {
  return Math.max(windowMs, periodMs / BASELINE_SLICES);
}

function limitOf(
  { slices }: LearnRecord,
  { minWindows, percentAbove }: LearnOperation,
): { readonly isLearnt: boolean; readonly mean: number; readonly limit: number } {
  let sum = 0;
  let windows = 0;
  for (const slice of slices) {
    sum += slice.sum;
    windows += slice.windows;
  }
  const mean = windows === 0 ? 0 : sum / windows;
  const limit = (mean * (100 + percentAbove)) / 100;
  return { isLearnt: windows >= Math.max(1, minWindows), mean, limit };
}

/** Windows of users who share a baseline end out of order; each goes to the slice it began in. */
function addSlice({ slices }: LearnRecord, startMs: number, sum: number): void {
  let at = slices.length;
  while (at > 0 && slices[at - 1]!.startMs > startMs) at--;
  const before = slices[at - 1];
  if (before?.startMs === startMs) {
    before.sum += sum;
    before.windows++;
    return;
  }
  slices.splice(at, 0, { startMs, sum, windows: 1 });
  // Slices of a clock that was set lie between the others, or the period was made shorter.
  if (slices.length > 2 * BASELINE_SLICES) slices.shift();
}

function forget({ slices }: LearnRecord, sinceMs: number): void {
  let gone = 0;
  while (gone < slices.length && slices[gone]!.startMs <= sinceMs) gone++;
  if (gone > 0) slices.splice(0, gone);
}

/** A clock that was set back takes the whole record along. */
function settle(record: LearnRecord, nowMs: number): void {
  const shiftMs = clockShift(record.window.latestMs, nowMs);
  if (shiftMs === 0) return;
  shiftWindow(record.window, shiftMs);
  record.startMs += shiftMs;
  for (const slice of record.slices) slice.startMs += shiftMs;
}
