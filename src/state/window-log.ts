// The sliding windows of one key in the memory store, all in one array of numbers.
//
// Rules that count for one client mostly count the same requests. So each event is kept once, with a bit for
// every window that it counts in, and a window knows where its oldest event is. What a request needs lies
// together in memory, and a client that comes once costs one small array, however many rules count it.
//
// Says exactly what records of each window would (window-record.ts), for limits up to MAX_LOG_LIMIT and
// amounts up to MAX_LOG_AMOUNT; others are not for a log. test/state/window-log.test.ts holds it to that.

import { EXACT_ENTRIES } from './operations.ts';
import { clockShift } from './record-clock.ts';
import { EVENT_NUMBERS, LOG_NUMBERS, WINDOW_NUMBERS, type WindowLayout } from './window-layout.ts';
import type { WindowRecord } from './window-record.ts';

/** Below it no window ever has so many entries that they are kept together. */
export const MAX_LOG_LIMIT: number = EXACT_ENTRIES - 2;
/** An event is a time and a number: the windows' bits and, above them, the amount less one. */
const AMOUNT_UNIT = 2 ** 30;
export const MAX_LOG_AMOUNT: number = 2 ** 22;
const BITS = AMOUNT_UNIT - 1;

// Of a window, behind its latest time.
const TOTAL = 1;
const HEAD = 2;
// Of an event, behind its time.
const META = 1;

/** Arrays up to this length are not worth making smaller. */
const SMALL = 128;
// Measured with bench/thresholds.mjs: the log, the array, their headers.
const LOG_BYTES = 120;
const NUMBER_BYTES = 8;

export class WindowLog {
  #layout: WindowLayout;
  /** The windows as the layout says, then the events in the order in which they came. */
  #data: number[];
  /** Behind the last event. */
  #end: number;
  /** Where a name is looked for first: rules ask in the same order each time. */
  #next = 0;

  constructor(layout: WindowLayout) {
    this.#layout = layout;
    this.#data = layout.fresh();
    this.#end = layout.length;
  }

  get layout(): WindowLayout {
    return this.#layout;
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return LOG_BYTES + NUMBER_BYTES * this.#data.length;
  }

  /** When all events have stopped counting. */
  get expiresMs(): number {
    return this.#data[0]!;
  }

  /** The window of that name; -1: none. */
  find(name: string): number {
    const { names } = this.#layout;
    let at = this.#next;
    for (let tried = 0; tried < names.length; tried++) {
      if (at >= names.length) at = 0;
      if (names[at] === name) {
        this.#next = at + 1;
        return at;
      }
      at++;
    }
    return -1;
  }

  /** `layout`: the log's own with more names behind. */
  extend(layout: WindowLayout): void {
    const before = this.#data;
    const { length } = this.#layout;
    const by = layout.length - length;
    const data = layout.fresh();
    data.length = layout.length;
    data[0] = before[0]!;
    for (let at = LOG_NUMBERS; at < length; at += WINDOW_NUMBERS) {
      data[at] = before[at]!;
      data[at + TOTAL] = before[at + TOTAL]!;
      data[at + HEAD] = before[at + HEAD]! + by;
    }
    for (let at = length; at < before.length; at++) data.push(before[at]!);
    this.#data = data;
    this.#end += by;
    this.#layout = layout;
  }

  /** Lets expire what has, adds, and keeps what can matter for a limit of `keep - 1`. Answers what is in the window. */
  add(window: number, amount: number, nowMs: number, windowMs: number, keep: number): number {
    const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
    const bit = 1 << window;
    let latestMs = this.#data[at]!;
    if (nowMs < latestMs) {
      const shiftMs = clockShift(latestMs, nowMs);
      if (shiftMs !== 0) {
        this.#shift(window, shiftMs);
        latestMs += shiftMs;
      }
    }
    const atMs = Math.max(nowMs, latestMs);
    const sinceMs = atMs - windowMs;
    const data = this.#data;
    data[at] = atMs;
    if (atMs + windowMs > data[0]!) data[0] = atMs + windowMs;
    let total = data[at + TOTAL]!;
    let head = data[at + HEAD]!;
    while (total > 0 && data[head]! <= sinceMs) {
      total -= amountOf(data[head + META]!);
      if (total > 0) head = nextOf(data, head, bit);
    }
    data[at + TOTAL] = total;
    data[at + HEAD] = head;
    if (amount >= 1) {
      if (total === 0 && data.length > SMALL) this.#release();
      this.#append(at, bit, Math.floor(amount), atMs);
    }
    this.#trim(at, bit, keep);
    return this.#data[at + TOTAL]!;
  }

  /** What is in the window since it was last added to. */
  total(window: number): number {
    return this.#data[LOG_NUMBERS + window * WINDOW_NUMBERS + TOTAL]!;
  }

  /** When the oldest event that counts stops counting; not a number when nothing counts. */
  oldestUntilMs(window: number, windowMs: number): number {
    const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
    const data = this.#data;
    return data[at + TOTAL] === 0 ? Number.NaN : data[data[at + HEAD]!]! + windowMs;
  }

  /** Takes a window out, as a record of its own. */
  take(window: number): WindowRecord {
    const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
    const data = this.#data;
    const [latestMs, total] = [data[at]!, data[at + TOTAL]!];
    const times: number[] = [];
    const amounts: number[] = [];
    for (const event of this.#events(window)) {
      times.push(data[event]!);
      amounts.push(amountOf(data[event + META]!));
    }
    data[at] = -Infinity;
    data[at + TOTAL] = 0;
    const isPlain = amounts.every((amount) => amount === 1);
    return { latestMs, total, head: 0, times, amounts: isPlain ? undefined : amounts };
  }

  #append(at: number, bit: number, amount: number, atMs: number): void {
    let data = this.#data;
    let event = this.#end - EVENT_NUMBERS;
    const isShared =
      event >= this.#layout.length &&
      data[event] === atMs &&
      (data[event + META]! & bit) === 0 &&
      amountOf(data[event + META]!) === amount;
    if (isShared) {
      data[event + META]! += bit;
    } else {
      if (this.#end >= data.length) {
        this.#makeRoom();
        data = this.#data;
      }
      event = this.#end;
      data[event] = atMs;
      data[event + META] = bit + (amount - 1) * AMOUNT_UNIT;
      this.#end = event + EVENT_NUMBERS;
    }
    if (data[at + TOTAL] === 0) data[at + HEAD] = event;
    data[at + TOTAL]! += amount;
  }

  #trim(at: number, bit: number, keep: number): void {
    const data = this.#data;
    let total = data[at + TOTAL]!;
    if (total < keep) return;
    let head = data[at + HEAD]!;
    while (total > 0) {
      const left = total - amountOf(data[head + META]!);
      if (left < keep) break;
      total = left;
      if (total > 0) head = nextOf(data, head, bit);
    }
    data[at + TOTAL] = total;
    data[at + HEAD] = head;
  }

  /** Where the events lie that count in the window, oldest first. */
  #events(window: number): readonly number[] {
    const data = this.#data;
    const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
    const events: number[] = [];
    let left = data[at + TOTAL]!;
    for (let event = data[at + HEAD]!; left > 0; event += EVENT_NUMBERS) {
      if ((data[event + META]! & (1 << window)) === 0) continue;
      events.push(event);
      left -= amountOf(data[event + META]!);
    }
    return events;
  }

  /** A clock that was set back takes the window's times along; other windows may have another one. */
  #shift(window: number, shiftMs: number): void {
    const { times, amounts, latestMs } = this.take(window);
    const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
    this.#data[at] = latestMs + shiftMs;
    for (const [index, timeMs] of times.entries()) {
      this.#append(at, 1 << window, amounts?.[index] ?? 1, timeMs + shiftMs);
    }
  }

  #makeRoom(): void {
    this.#compact();
    const data = this.#data;
    const { length } = this.#layout;
    if ((this.#end - length) * 4 <= (data.length - length) * 3) return;
    // As far as V8 makes room for when one more is pushed.
    const room = data.length + 1 + ((data.length + 1) >> 1) + 16;
    const size = length + Math.floor((room - length) / EVENT_NUMBERS) * EVENT_NUMBERS;
    while (data.length < size) data.push(0);
  }

  /** After a flood: gives memory back once three quarters of the events have gone. */
  #release(): void {
    const data = this.#data;
    const { length } = this.#layout;
    let oldest = this.#end;
    for (let at = LOG_NUMBERS; at < length; at += WINDOW_NUMBERS) {
      if (data[at + TOTAL]! > 0) oldest = Math.min(oldest, data[at + HEAD]!);
    }
    if ((this.#end - oldest) * 4 > data.length - length) return;
    this.#compact();
    const room = this.#end + Math.max(EVENT_NUMBERS, this.#end - length);
    if (room < data.length) this.#data = data.slice(0, room);
  }

  /** Drops the events that count in no window any more. */
  #compact(): void {
    const data = this.#data;
    const { length, names } = this.#layout;
    let waiting = 0;
    for (let at = LOG_NUMBERS; at < length; at += WINDOW_NUMBERS)
      if (data[at + TOTAL]! > 0) waiting++;
    /** The windows whose oldest event has been passed. */
    let open = 0;
    let to = length;
    for (let from = length; from < this.#end; from += EVENT_NUMBERS) {
      if (waiting > 0) {
        for (let window = 0; window < names.length; window++) {
          const at = LOG_NUMBERS + window * WINDOW_NUMBERS;
          const bit = 1 << window;
          if ((open & bit) !== 0 || data[at + HEAD] !== from || data[at + TOTAL] === 0) continue;
          open |= bit;
          waiting--;
          data[at + HEAD] = to;
        }
      }
      const meta = data[from + META]!;
      if ((meta & open) === 0) continue;
      data[to] = data[from]!;
      data[to + META] = meta - (meta & BITS & ~open);
      to += EVENT_NUMBERS;
    }
    this.#end = to;
  }
}

function amountOf(meta: number): number {
  return meta < AMOUNT_UNIT ? 1 : Math.floor(meta / AMOUNT_UNIT) + 1;
}

/** The next event behind `event` that has the bit; there is one. */
function nextOf(data: readonly number[], event: number, bit: number): number {
  let next = event + EVENT_NUMBERS;
  while ((data[next + META]! & bit) === 0) next += EVENT_NUMBERS;
  return next;
}
