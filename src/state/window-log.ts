// The sliding windows of a key in the memory store, all in one block of numbers: its log.
//
// Rules that count for one client mostly count the same requests. So each event is kept once, with a bit for
// every window that it counts in, and a window knows where its oldest event is. What a request needs lies
// together in memory, and a client that comes once costs one small block, however many rules count it.
//
// Says exactly what records of each window would (window-record.ts), for limits up to MAX_LOG_LIMIT and
// amounts up to MAX_LOG_AMOUNT; others are not for a log. test/state/window-log.test.ts holds it to that.

import { blockBytes, NumberBlocks } from './number-blocks.ts';
import { EXACT_ENTRIES } from './operations.ts';
import { clockShift } from './record-clock.ts';
import { EVENT_NUMBERS, LOG_NUMBERS, WINDOW_NUMBERS, type WindowLayouts } from './window-layout.ts';
import type { WindowRecord } from './window-record.ts';

/** Below it no window ever has so many entries that they are kept together. */
export const MAX_LOG_LIMIT: number = EXACT_ENTRIES - 2;
/** An event is a time and a number: the windows' bits and, above them, the amount less one. */
const AMOUNT_UNIT = 2 ** 30;
export const MAX_LOG_AMOUNT: number = 2 ** 22;
const BITS = AMOUNT_UNIT - 1;

// Of a log. Places in it are counted from its beginning, so that it can be moved.
const LAYOUT = 0;
const END = 1;
// Of a window, behind its latest time.
const TOTAL = 1;
const HEAD = 2;
// Of an event, behind its time.
const META = 1;

/** Logs up to this length are not worth making smaller. */
const SMALL = 128;

const placeOf = (window: number): number => LOG_NUMBERS + window * WINDOW_NUMBERS;

/** The logs of one store, by owner: a small number. */
export class WindowLogs {
  readonly #layouts: WindowLayouts;
  readonly #blocks = new NumberBlocks();
  #addedMs = 0;
  #isResized = false;

  constructor(layouts: WindowLayouts) {
    this.#layouts = layouts;
  }

  /** The time that the last `add` has used. */
  get addedMs(): number {
    return this.#addedMs;
  }

  /** Whether a log has another size than before, which is told once. */
  takeResized(): boolean {
    const isResized = this.#isResized;
    this.#isResized = false;
    return isResized;
  }

  /** About what a log takes in memory; 0 when there is none. */
  bytesOf(owner: number): number {
    return this.#blocks.has(owner) ? blockBytes(this.#blocks.size(owner)) : 0;
  }

  /** What all logs take. */
  get bytes(): number {
    return this.#blocks.bytes;
  }

  free(owner: number): void {
    this.#blocks.free(owner);
  }

  /** To be called now and then, so that logs that have gone leave their memory to others. */
  tidy(): void {
    this.#blocks.tidy();
  }

  clear(): void {
    this.#blocks.clear();
  }

  /** The window of that name; -1: none. */
  find(owner: number, name: string): number {
    const blocks = this.#blocks;
    if (!blocks.has(owner)) return -1;
    return this.#layouts.at(blocks.data(owner)[blocks.base(owner) + LAYOUT]!).find(name);
  }

  /** Makes a window of a name that is not there; -1: there is no room for it. */
  place(owner: number, name: string): number {
    const blocks = this.#blocks;
    if (blocks.has(owner)) return this.#extend(owner, name);
    const layout = this.#layouts.first(name);
    if (layout === undefined) return -1;
    // Room for one event: most clients come once.
    blocks.allocate(owner, layout.length + EVENT_NUMBERS);
    this.#isResized = true;
    const data = blocks.data(owner);
    const base = blocks.base(owner);
    data[base + LAYOUT] = layout.id;
    data[base + END] = layout.length;
    for (let at = LOG_NUMBERS; at < layout.length; at += WINDOW_NUMBERS) blank(data, base + at);
    return layout.find(name);
  }

  /** Lets expire what has, adds, and keeps what can matter for a limit of `keep - 1`. Answers what is in the window. */
  add(
    owner: number,
    window: number,
    amount: number,
    nowMs: number,
    windowMs: number,
    keep: number,
  ): number {
    const blocks = this.#blocks;
    const at = placeOf(window);
    let data = blocks.data(owner);
    let base = blocks.base(owner);
    let atMs = nowMs;
    if (nowMs < data[base + at]!) {
      const shiftMs = clockShift(data[base + at]!, nowMs);
      if (shiftMs !== 0) {
        this.#shift(owner, window, shiftMs);
        data = blocks.data(owner);
        base = blocks.base(owner);
      }
      atMs = Math.max(nowMs, data[base + at]!);
    }
    this.#addedMs = atMs;
    data[base + at] = atMs;
    const sinceMs = atMs - windowMs;
    let total = data[base + at + TOTAL]!;
    if (total > 0) {
      let head = data[base + at + HEAD]!;
      while (total > 0 && data[base + head]! <= sinceMs) {
        total -= amountOf(data[base + head + META]!);
        if (total > 0) head = nextOf(data, base, head, 1 << window);
      }
      data[base + at + TOTAL] = total;
      data[base + at + HEAD] = head;
    }
    if (amount >= 1) {
      if (total === 0 && blocks.size(owner) > SMALL) this.#release(owner);
      total = this.#append(owner, window, Math.floor(amount), atMs);
    }
    return total < keep ? total : this.#trim(owner, window, keep);
  }

  /** What is in the window since it was last added to. */
  total(owner: number, window: number): number {
    return this.#blocks.data(owner)[this.#blocks.base(owner) + placeOf(window) + TOTAL]!;
  }

  /** When the oldest event that counts stops counting; not a number when nothing counts. */
  oldestUntilMs(owner: number, window: number, windowMs: number): number {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
    const at = base + placeOf(window);
    return data[at + TOTAL] === 0 ? Number.NaN : data[base + data[at + HEAD]!]! + windowMs;
  }

  /** Takes a window out, as a record of its own. */
  take(owner: number, window: number): WindowRecord {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
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
    blank(data, at);
    const isPlain = amounts.every((amount) => amount === 1);
    return { latestMs, total, head: 0, times, amounts: isPlain ? undefined : amounts };
  }

  /** One more name behind the others. */
  #extend(owner: number, name: string): number {
    const blocks = this.#blocks;
    const before = this.#layouts.at(blocks.data(owner)[blocks.base(owner) + LAYOUT]!);
    const layout = this.#layouts.with(before, name);
    if (layout === undefined) return -1;
    const by = layout.length - before.length;
    blocks.allocate(owner, blocks.size(owner) + by);
    this.#isResized = true;
    const data = blocks.data(owner);
    const base = blocks.base(owner);
    const end = data[base + END]!;
    data.copyWithin(base + layout.length, base + before.length, base + end);
    data[base + LAYOUT] = layout.id;
    data[base + END] = end + by;
    for (let at = LOG_NUMBERS; at < before.length; at += WINDOW_NUMBERS) {
      data[base + at + HEAD]! += by;
    }
    blank(data, base + before.length);
    return layout.find(name);
  }

  /** Answers what is in the window then. */
  #append(owner: number, window: number, amount: number, atMs: number): number {
    const blocks = this.#blocks;
    const bit = 1 << window;
    let data = blocks.data(owner);
    let base = blocks.base(owner);
    const { length } = this.#layouts.at(data[base + LAYOUT]!);
    let event = data[base + END]! - EVENT_NUMBERS;
    // What is left of the bits when the amount is the same.
    const bits = data[base + event + META]! - (amount - 1) * AMOUNT_UNIT;
    const isShared =
      event >= length &&
      data[base + event] === atMs &&
      bits >= 0 &&
      bits <= BITS &&
      (bits & bit) === 0;
    if (isShared) {
      data[base + event + META]! += bit;
    } else {
      if (data[base + END]! + EVENT_NUMBERS > blocks.size(owner)) {
        this.#makeRoom(owner, length);
        data = blocks.data(owner);
        base = blocks.base(owner);
      }
      event = data[base + END]!;
      data[base + event] = atMs;
      data[base + event + META] = bit + (amount - 1) * AMOUNT_UNIT;
      data[base + END] = event + EVENT_NUMBERS;
    }
    const at = base + placeOf(window);
    const before = data[at + TOTAL]!;
    if (before === 0) data[at + HEAD] = event;
    data[at + TOTAL] = before + amount;
    return before + amount;
  }

  #trim(owner: number, window: number, keep: number): number {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
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

  /** A clock that was set back takes the window's times along; other windows may have another one. */
  #shift(owner: number, window: number, shiftMs: number): void {
    const { times, amounts, latestMs } = this.take(owner, window);
    const place = this.#blocks.base(owner) + placeOf(window);
    this.#blocks.data(owner)[place] = latestMs + shiftMs;
    for (const [index, timeMs] of times.entries()) {
      this.#append(owner, window, amounts?.[index] ?? 1, timeMs + shiftMs);
    }
  }

  #makeRoom(owner: number, length: number): void {
    this.#compact(owner);
    const blocks = this.#blocks;
    const room = blocks.size(owner) - length;
    const used = blocks.data(owner)[blocks.base(owner) + END]! - length;
    if (used * 4 <= room * 3) return;
    const events = room / EVENT_NUMBERS;
    this.#resize(owner, length + EVENT_NUMBERS * (events + (events >> 1) + 3));
  }

  /** After a flood: gives memory back once three quarters of the events have gone. */
  #release(owner: number): void {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
    const size = this.#blocks.size(owner);
    const { length } = this.#layouts.at(data[base + LAYOUT]!);
    let oldest = data[base + END]!;
    for (let at = base + LOG_NUMBERS; at < base + length; at += WINDOW_NUMBERS) {
      if (data[at + TOTAL]! > 0) oldest = Math.min(oldest, data[at + HEAD]!);
    }
    if ((data[base + END]! - oldest) * 4 > size - length) return;
    this.#compact(owner);
    const end = data[base + END]!;
    const room = end + Math.max(EVENT_NUMBERS, end - length);
    if (room < size) this.#resize(owner, room);
  }

  #resize(owner: number, size: number): void {
    this.#blocks.allocate(owner, size);
    this.#isResized = true;
  }

  /** Drops the events that count in no window any more. */
  #compact(owner: number): void {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
    const { length, names } = this.#layouts.at(data[base + LAYOUT]!);
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
}

/** An empty window. */
function blank(data: Float64Array, at: number): void {
  data[at] = -Infinity;
  data[at + TOTAL] = 0;
  data[at + HEAD] = 0;
}

function amountOf(meta: number): number {
  return meta < AMOUNT_UNIT ? 1 : Math.floor(meta / AMOUNT_UNIT) + 1;
}

/** The next event behind `event` that has the bit; there is one. */
function nextOf(data: Float64Array, base: number, event: number, bit: number): number {
  let next = event + EVENT_NUMBERS;
  while ((data[base + next + META]! & bit) === 0) next += EVENT_NUMBERS;
  return next;
}
