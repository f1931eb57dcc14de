// The sliding windows of a key in the memory store, all in one block of numbers: its log.
//
// Rules that count for one client mostly count the same requests. So each event is kept once, with a bit for
// every window that it counts in, and a window knows where its oldest event is. What a request needs lies
// together in memory, and a client that comes once costs one small block, however many rules count it.
//
// Says exactly what records of each window would (window-record.ts), for limits up to MAX_LOG_LIMIT and
// amounts up to MAX_LOG_AMOUNT; others are not for a log. test/state/window-log.test.ts holds it to that.

import {
  AMOUNT_UNIT,
  BITS,
  blankLog,
  blankWindow,
  compactLog,
  END,
  expireWindow,
  HEAD,
  LATEST,
  LAYOUT,
  latestTime,
  META,
  oldestEvent,
  placeOf,
  TOTAL,
  takeWindow,
  trimWindow,
} from './log-numbers.ts';
import { blockBytes, NumberBlocks } from './number-blocks.ts';
import { EXACT_ENTRIES } from './operations.ts';
import { clockShift } from './record-clock.ts';
import type { TallyGroup, TallyWindows } from './tally-groups.ts';
import {
  EVENT_NUMBERS,
  LOG_NUMBERS,
  WINDOW_NUMBERS,
  type WindowLayout,
  type WindowLayouts,
} from './window-layout.ts';
import type { WindowRecord } from './window-record.ts';

/** Below it no window ever has so many entries that they are kept together. */
export const MAX_LOG_LIMIT: number = EXACT_ENTRIES - 2;
export const MAX_LOG_AMOUNT: number = 2 ** 22;

const SMALL_INTEGER = 2 ** 30;

/** Logs up to this length are not worth making smaller. */
const SMALL = 128;

/** The logs of one store, by owner: a small number. */
export class WindowLogs {
  readonly #layouts: WindowLayouts;
  readonly #blocks = new NumberBlocks();
  #addedMs = 0;
  #isResized = false;

  constructor(layouts: WindowLayouts) {
    this.#layouts = layouts;
  }

  /** The time that the last `add` or `addAll` has used. */
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
    return this.#blocks.has(owner) ? this.#layoutOf(owner).find(name) : -1;
  }

  /** Makes a window of a name that is not there; -1: there is no room for it. */
  place(owner: number, name: string): number {
    const blocks = this.#blocks;
    if (blocks.has(owner)) return this.#extend(owner, name);
    const layout = this.#layouts.first(name);
    if (layout === undefined) return -1;
    // Room for one event: most clients come once.
    this.#resize(owner, layout.length + EVENT_NUMBERS);
    blankLog(blocks.data(owner), blocks.base(owner), layout);
    return layout.find(name);
  }

  /** Where the windows of a group are, which are made where there are none; undefined: there is no room. */
  windowsOf(owner: number, group: TallyGroup): TallyWindows | undefined {
    const blocks = this.#blocks;
    if (!blocks.has(owner) && this.place(owner, group.names[0]!) < 0) return undefined;
    const known = group.windowsIn(blocks.data(owner)[blocks.base(owner) + LAYOUT]!);
    if (known !== undefined) return known;
    for (const name of group.names) {
      if (this.find(owner, name) < 0 && this.place(owner, name) < 0) return undefined;
    }
    return group.learn(this.#layoutOf(owner));
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
    let data = blocks.data(owner);
    let base = blocks.base(owner);
    const place = placeOf(window);
    let atMs = nowMs;
    if (nowMs < data[base + place]!) {
      const shiftMs = clockShift(data[base + place]!, nowMs);
      if (shiftMs !== 0) {
        this.#shift(owner, window, shiftMs);
        data = blocks.data(owner);
        base = blocks.base(owner);
      }
      atMs = Math.max(nowMs, data[base + place]!);
    }
    this.#addedMs = atMs;
    data[base + place] = atMs;
    if (atMs > data[base + LATEST]!) data[base + LATEST] = atMs;
    let total = expireWindow(data, base, window, atMs - windowMs);
    if (amount >= 1) {
      if (total === 0) this.#release(owner);
      const whole = Math.floor(amount);
      total = this.#count(owner, window, whole, this.#append(owner, 1 << window, whole, atMs));
    }
    if (total < keep) return total;
    return trimWindow(blocks.data(owner), blocks.base(owner), window, keep);
  }

  /**
   * The same for all windows of a group, with an amount of at least 1; writes down in `counts` what is in them.
   * False: the clock has gone back, nothing was done, and each is to be added to by itself.
   */
  addAll(
    owner: number,
    { places, bits }: TallyWindows,
    { windowsMs, limits, indices }: TallyGroup,
    amount: number,
    nowMs: number,
    counts: number[],
  ): boolean {
    const blocks = this.#blocks;
    if (blocks.data(owner)[blocks.base(owner) + LATEST]! > nowMs) return false;
    this.#addedMs = nowMs;
    if (this.#isFull(owner)) {
      // What has expired makes room.
      for (let at = 0; at < places.length; at++) {
        expireWindow(blocks.data(owner), blocks.base(owner), places[at]!, nowMs - windowsMs[at]!);
      }
    }
    const event = this.#append(owner, bits, amount, nowMs);
    const data = blocks.data(owner);
    const base = blocks.base(owner);
    data[base + LATEST] = nowMs;
    let isAlone = false;
    for (let at = 0; at < places.length; at++) {
      const window = places[at]!;
      const place = base + placeOf(window);
      data[place] = nowMs;
      let total = expireWindow(data, base, window, nowMs - windowsMs[at]!);
      if (total === 0) {
        isAlone = true;
        data[place + HEAD] = event;
      }
      total += amount;
      data[place + TOTAL] = total;
      const keep = limits[at]! + 1;
      if (total >= keep) total = trimWindow(data, base, window, keep);
      // Mostly a small integer, and said to be one: a list of integers that is given a double is copied.
      if (total < SMALL_INTEGER) counts[indices[at]!] = total | 0;
      else counts[indices[at]!] = total;
    }
    if (isAlone) this.#release(owner);
    return true;
  }

  /** What is in the window since it was last added to. */
  total(owner: number, window: number): number {
    return this.#blocks.data(owner)[this.#blocks.base(owner) + placeOf(window) + TOTAL]!;
  }

  /** When the oldest event that counts stops counting; not a number when nothing counts. */
  oldestUntilMs(owner: number, window: number, windowMs: number): number {
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
    const place = base + placeOf(window);
    return data[place + TOTAL] === 0 ? Number.NaN : data[base + data[place + HEAD]!]! + windowMs;
  }

  /** Takes a window out, as a record of its own. */
  take(owner: number, window: number): WindowRecord {
    return takeWindow(this.#blocks.data(owner), this.#blocks.base(owner), window);
  }

  #layoutOf(owner: number): WindowLayout {
    const blocks = this.#blocks;
    return this.#layouts.at(blocks.data(owner)[blocks.base(owner) + LAYOUT]!);
  }

  /** One more name behind the others. */
  #extend(owner: number, name: string): number {
    const blocks = this.#blocks;
    const before = this.#layoutOf(owner);
    const layout = this.#layouts.with(before, name);
    if (layout === undefined) return -1;
    const by = layout.length - before.length;
    this.#resize(owner, blocks.size(owner) + by);
    const data = blocks.data(owner);
    const base = blocks.base(owner);
    const end = data[base + END]!;
    data.copyWithin(base + layout.length, base + before.length, base + end);
    data[base + LAYOUT] = layout.id;
    data[base + END] = end + by;
    for (let at = LOG_NUMBERS; at < before.length; at += WINDOW_NUMBERS) {
      data[base + at + HEAD]! += by;
    }
    blankWindow(data, base + before.length);
    return layout.find(name);
  }

  /** An event that counts in the windows of those bits, or the last one when it is the same. Answers where it is. */
  #append(owner: number, bits: number, amount: number, atMs: number): number {
    const blocks = this.#blocks;
    let data = blocks.data(owner);
    let base = blocks.base(owner);
    const { length } = this.#layouts.at(data[base + LAYOUT]!);
    let event = data[base + END]! - EVENT_NUMBERS;
    if (event >= length && data[base + event] === atMs) {
      // What is left of its bits when the amount is the same.
      const others = data[base + event + META]! - (amount - 1) * AMOUNT_UNIT;
      if (others >= 0 && others <= BITS && (others & bits) === 0) {
        data[base + event + META]! += bits;
        return event;
      }
    }
    if (this.#isFull(owner)) {
      this.#makeRoom(owner);
      data = blocks.data(owner);
      base = blocks.base(owner);
    }
    event = data[base + END]!;
    data[base + event] = atMs;
    data[base + event + META] = bits + (amount - 1) * AMOUNT_UNIT;
    data[base + END] = event + EVENT_NUMBERS;
    return event;
  }

  /** Counts the newest event in a window. Answers what is in it then. */
  #count(owner: number, window: number, amount: number, event: number): number {
    const data = this.#blocks.data(owner);
    const place = this.#blocks.base(owner) + placeOf(window);
    const total = data[place + TOTAL]!;
    if (total === 0) data[place + HEAD] = event;
    data[place + TOTAL] = total + amount;
    return total + amount;
  }

  /** A clock that was set back takes the window's times along; other windows may have another one. */
  #shift(owner: number, window: number, shiftMs: number): void {
    const { times, amounts, latestMs } = this.take(owner, window);
    const data = this.#blocks.data(owner);
    const base = this.#blocks.base(owner);
    data[base + placeOf(window)] = latestMs + shiftMs;
    data[base + LATEST] = latestTime(data, base, this.#layoutOf(owner));
    for (const [index, timeMs] of times.entries()) {
      const amount = amounts?.[index] ?? 1;
      const event = this.#append(owner, 1 << window, amount, timeMs + shiftMs);
      this.#count(owner, window, amount, event);
    }
  }

  #isFull(owner: number): boolean {
    const blocks = this.#blocks;
    return blocks.data(owner)[blocks.base(owner) + END]! + EVENT_NUMBERS > blocks.size(owner);
  }

  #makeRoom(owner: number): void {
    const blocks = this.#blocks;
    const layout = this.#layoutOf(owner);
    compactLog(blocks.data(owner), blocks.base(owner), layout);
    const room = blocks.size(owner) - layout.length;
    const used = blocks.data(owner)[blocks.base(owner) + END]! - layout.length;
    if (used * 4 <= room * 3) return;
    const events = room / EVENT_NUMBERS;
    this.#resize(owner, layout.length + EVENT_NUMBERS * (events + (events >> 1) + 3));
  }

  /** After a flood: gives memory back once three quarters of the events have gone. */
  #release(owner: number): void {
    const blocks = this.#blocks;
    const size = blocks.size(owner);
    if (size <= SMALL) return;
    const data = blocks.data(owner);
    const base = blocks.base(owner);
    const layout = this.#layoutOf(owner);
    const kept = data[base + END]! - oldestEvent(data, base, layout);
    if (kept * 4 > size - layout.length) return;
    compactLog(data, base, layout);
    const end = data[base + END]!;
    const room = end + Math.max(EVENT_NUMBERS, end - layout.length);
    if (room < size) this.#resize(owner, room);
  }

  #resize(owner: number, size: number): void {
    this.#blocks.allocate(owner, size);
    this.#isResized = true;
  }
}
