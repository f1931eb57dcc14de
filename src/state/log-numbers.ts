// How a log of windows is written down in a block of numbers, and what is done with it in place.
//
// `base` is where the log begins in `data`. Places within a log are counted from there, so that it can be moved.

import { EVENT_NUMBERS, LOG_NUMBERS, WINDOW_NUMBERS, type WindowLayout } from './window-layout.ts';
import type { WindowRecord } from './window-record.ts';

// Of a log.
export const LAYOUT = 0;
export const END = 1;
/** The latest time that any window was told. */
export const LATEST = 2;
// Of a window, behind its latest time.
export const TOTAL = 1;
export const HEAD = 2;
// Of an event, behind its time: the bits of the windows and, above them, the amount less one.
export const META = 1;
export const AMOUNT_UNIT: number = 2 ** 30;
export const BITS: number = AMOUNT_UNIT - 1;

export const placeOf = (window: number): number => LOG_NUMBERS + window * WINDOW_NUMBERS;

/** Empty windows and no events. */
export function blankLog(data: Float64Array, base: number, { id, length }: WindowLayout): void {
  data[base + LAYOUT] = id;
  data[base + END] = length;
  data[base + LATEST] = -Infinity;
  for (let at = LOG_NUMBERS; at < length; at += WINDOW_NUMBERS) blankWindow(data, base + at);
}

export function blankWindow(data: Float64Array, at: number): void {
  data[at] = -Infinity;
  data[at + TOTAL] = 0;
  data[at + HEAD] = 0;
}

export function amountOf(meta: number): number {
  return meta < AMOUNT_UNIT ? 1 : Math.floor(meta / AMOUNT_UNIT) + 1;
}

/** Lets go what is not after `sinceMs`. Answers what is left. */
export function expireWindow(
  data: Float64Array,
  base: number,
  window: number,
  sinceMs: number,
): number {
  const at = base + placeOf(window);
  let total = data[at + TOTAL]!;
  if (total === 0) return 0;
  let head = data[at + HEAD]!;
  if (data[base + head]! > sinceMs) return total;
  do {
    total -= amountOf(data[base + head + META]!);
    if (total > 0) head = nextOf(data, base, head, 1 << window);
  } while (total > 0 && data[base + head]! <= sinceMs);
  data[at + TOTAL] = total;
  data[at + HEAD] = head;
  return total;
}

/** Lets go the oldest events without which there are `keep` or more. Answers what is left. */
export function trimWindow(data: Float64Array, base: number, window: number, keep: number): number {
  const at = base + placeOf(window);
  let total = data[at + TOTAL]!;
  let head = data[at + HEAD]!;
  while (total > 0) {
    const left = total - amountOf(data[base + head + META]!);
    if (left < keep) break;
    total = left;
    if (total > 0) head = nextOf(data, base, head, 1 << window);
  }
  data[at + TOTAL] = total;
  data[at + HEAD] = head;
  return total;
}

/** Takes a window out, as a record of its own. */
export function takeWindow(data: Float64Array, base: number, window: number): WindowRecord {
  const at = base + placeOf(window);
  const [latestMs, total] = [data[at]!, data[at + TOTAL]!];
  const times: number[] = [];
  const amounts: number[] = [];
  let left = total;
  for (let event = base + data[at + HEAD]!; left > 0; event += EVENT_NUMBERS) {
    const meta = data[event + META]!;
    if ((meta & (1 << window)) === 0) continue;
    times.push(data[event]!);
    amounts.push(amountOf(meta));
    left -= amountOf(meta);
  }
  blankWindow(data, at);
  const isPlain = amounts.every((amount) => amount === 1);
  return { latestMs, total, head: 0, times, amounts: isPlain ? undefined : amounts };
}

/** The latest time of any window. */
export function latestTime(data: Float64Array, base: number, { length }: WindowLayout): number {
  let latestMs = -Infinity;
  for (let at = base + LOG_NUMBERS; at < base + length; at += WINDOW_NUMBERS) {
    latestMs = Math.max(latestMs, data[at]!);
  }
  return latestMs;
}

/** Where the first event is that counts in any window. */
export function oldestEvent(data: Float64Array, base: number, { length }: WindowLayout): number {
  let oldest = data[base + END]!;
  for (let at = base + LOG_NUMBERS; at < base + length; at += WINDOW_NUMBERS) {
    if (data[at + TOTAL]! > 0) oldest = Math.min(oldest, data[at + HEAD]!);
  }
  return oldest;
}

/** Drops the events that count in no window any more. */
export function compactLog(
  data: Float64Array,
  base: number,
  { length, names }: WindowLayout,
): void {
  const end = data[base + END]!;
  let waiting = 0;
  for (let at = base + LOG_NUMBERS; at < base + length; at += WINDOW_NUMBERS)
    if (data[at + TOTAL]! > 0) waiting++;
  /** The windows whose oldest event has been passed. */
  let open = 0;
  let to = length;
  for (let from = length; from < end; from += EVENT_NUMBERS) {
    if (waiting > 0) {
      for (let window = 0; window < names.length; window++) {
        const at = base + placeOf(window);
        const bit = 1 << window;
        if ((open & bit) !== 0 || data[at + HEAD] !== from || data[at + TOTAL] === 0) continue;
        open |= bit;
        waiting--;
        data[at + HEAD] = to;
      }
    }
    const meta = data[base + from + META]!;
    if ((meta & open) === 0) continue;
    data[base + to] = data[base + from]!;
    data[base + to + META] = meta - (meta & BITS & ~open);
    to += EVENT_NUMBERS;
  }
  data[base + END] = to;
}

/** The next event behind `event` that has the bit; there is one. */
function nextOf(data: Float64Array, base: number, event: number, bit: number): number {
  let next = event + EVENT_NUMBERS;
  while ((data[base + next + META]! & bit) === 0) next += EVENT_NUMBERS;
  return next;
}
