// A sliding window of events: the record behind `consume`, and the current count of `learn`.
//
// Only the newest events that are together more than the limit are kept. That is enough to be exact: as long
// as none of those kept has expired the count is over the limit either way, and once one has, all the ones
// that were dropped, being older, have expired too.

import { EXACT_ENTRIES } from './operations.ts';
import { clockShift } from './record-clock.ts';

export interface WindowRecord {
  latestMs: number;
  /** Sum of the amounts from `head` on. */
  total: number;
  /** Where the entries that count begin. */
  head: number;
  /** Never falling. */
  times: number[];
  /** Beside `times`; undefined while each amount is 1, which it mostly is. */
  amounts: number[] | undefined;
}

const COMPACT_FROM = 16;
// Measured with bench/thresholds.mjs: arrays grow by half and sixteen.
const RECORD_BYTES = 220;
const NUMBER_BYTES = 13;

export function newWindow(): WindowRecord {
  return { latestMs: -Infinity, total: 0, head: 0, times: [], amounts: undefined };
}

/** About what it takes in memory. */
export function windowBytes({ times, amounts }: WindowRecord): number {
  return RECORD_BYTES + NUMBER_BYTES * (times.length + (amounts?.length ?? 0));
}

/** Moves all times. */
export function shiftWindow(record: WindowRecord, shiftMs: number): void {
  record.latestMs += shiftMs;
  record.times = record.times.map((time) => time + shiftMs);
}

/** Lets expire what has, adds, and keeps what can matter for a limit of `keep - 1`. Answers the time used. */
export function addToWindow(
  record: WindowRecord,
  amount: number,
  nowMs: number,
  windowMs: number,
  keep: number,
): number {
  if (nowMs < record.latestMs) {
    const shiftMs = clockShift(record.latestMs, nowMs);
    if (shiftMs !== 0) shiftWindow(record, shiftMs);
  }
  const atMs = Math.max(nowMs, record.latestMs);
  record.latestMs = atMs;
  const sinceMs = atMs - windowMs;
  while (record.head < record.times.length && record.times[record.head]! <= sinceMs) {
    dropOldest(record);
  }
  if (amount >= 1) append(record, atMs, Math.floor(amount), windowMs);
  while (record.head < record.times.length && record.total - oldestAmount(record) >= keep) {
    dropOldest(record);
  }
  compact(record);
  return atMs;
}

function oldestAmount({ amounts, head }: WindowRecord): number {
  return amounts === undefined ? 1 : amounts[head]!;
}

function dropOldest(record: WindowRecord): void {
  record.total -= oldestAmount(record);
  record.head++;
}

function append(record: WindowRecord, atMs: number, amount: number, windowMs: number): void {
  const { times, head } = record;
  const last = times.length - 1;
  record.total += amount;
  const isFull = times.length - head >= EXACT_ENTRIES;
  const shares = isFull && atMs - times[last]! < windowMs / EXACT_ENTRIES;
  if (record.amounts === undefined && (shares || amount !== 1)) {
    record.amounts = times.map(() => 1);
  }
  if (shares) {
    record.amounts![last] = record.amounts![last]! + amount;
    return;
  }
  // A first element that is pushed makes room for seventeen; most clients never come to so many.
  if (times.length === 0) record.times = [atMs];
  else times.push(atMs);
  record.amounts?.push(amount);
}

/** Frees the space in front of the head, seldom enough to cost nothing per event. */
function compact(record: WindowRecord): void {
  const { head, times, amounts } = record;
  if (head === 0) return;
  if (head === times.length) {
    times.length = 0;
    record.amounts = undefined;
  } else if (head < COMPACT_FROM || head * 2 < times.length) {
    return;
  } else {
    times.splice(0, head);
    amounts?.splice(0, head);
  }
  record.head = 0;
}

/** When the oldest event that counts stops counting. */
export function oldestUntilMs({ times, head }: WindowRecord, windowMs: number): number {
  return times[head]! + windowMs;
}
