// The windows of the memory store: those of a key in one log, and in records of their own what no log takes.

import type { MemoryCounters } from './memory-counters.ts';
import type { ConsumeOperation, ConsumeResult } from './operations.ts';
import type { Slots, WindowSlots } from './slots.ts';
import { subjectKey } from './subject-key.ts';
import type { TallyOperation } from './tally.ts';
import { type TallyGroup, TallyLists } from './tally-groups.ts';
import { MAX_LOG_AMOUNT, MAX_LOG_LIMIT } from './window-log.ts';
import { newWindow, type WindowRecord } from './window-record.ts';
import { consumeSlot } from './window-slots.ts';

const KIND = 'window';

const isForLog = (limit: number): boolean => limit <= MAX_LOG_LIMIT;

export class MemoryWindows implements WindowSlots {
  readonly #counters: MemoryCounters;
  readonly #records: Slots<WindowRecord>;
  readonly #lists = new TallyLists(({ limit }) => isForLog(limit));

  constructor(counters: MemoryCounters) {
    this.#counters = counters;
    this.#records = counters.slots(KIND, newWindow);
  }

  consume(operation: ConsumeOperation, nowMs: number): ConsumeResult {
    const { key, name = '', windowMs, limit, amount } = operation;
    const { logs } = this.#counters;
    const row = this.#counters.rowOf(key);
    const window = this.#windowFor(row, name, limit, amount);
    if (window < 0) return this.#consumeAlone(row, operation, nowMs);
    const count = logs.add(row, window, amount, nowMs, windowMs, limit + 1);
    const holds = count > limit;
    const overUntilMs = holds ? logs.oldestUntilMs(row, window, windowMs) : undefined;
    this.#counters.keepLog(row, logs.addedMs + windowMs);
    return { kind: 'consume', holds, count, overUntilMs };
  }

  tally(operation: TallyOperation, nowMs: number, counts: number[]): boolean {
    const { tallies } = operation;
    const { groups, others } = this.#lists.of(tallies);
    this.#counters.aim(operation.subject, operation.place);
    for (let at = 0; at < groups.length; at++) this.#group(groups[at]!, operation, nowMs, counts);
    for (const index of others) counts[index] = this.#one(operation, index, nowMs);
    for (let index = 0; index < tallies.length; index++) {
      if (counts[index]! > tallies[index]!.limit) return true;
    }
    return false;
  }

  #group(group: TallyGroup, operation: TallyOperation, nowMs: number, counts: number[]): void {
    const counters = this.#counters;
    const { logs } = counters;
    const amount = Math.floor(operation.amount);
    if (amount >= 1 && amount <= MAX_LOG_AMOUNT) {
      const row = counters.rowAt(group.scope);
      const windows = this.#isApart(row, group) ? undefined : logs.windowsOf(row, group);
      if (windows !== undefined && logs.addAll(row, windows, group, amount, nowMs, counts)) {
        counters.keepLog(row, logs.addedMs + group.longestMs);
        return;
      }
      // Some windows may have been made.
      counters.keepLog(row, -Infinity);
    }
    for (const index of group.indices) counts[index] = this.#one(operation, index, nowMs);
  }

  #one(operation: TallyOperation, index: number, nowMs: number): number {
    const { amount, subject, place, tallies } = operation;
    const { scope, name, windowMs, limit } = tallies[index]!;
    const key = subjectKey(scope, subject, place);
    const { count } = this.consume({ kind: 'consume', key, name, windowMs, limit, amount }, nowMs);
    this.#counters.aim(subject, place);
    return count;
  }

  /** A window of the group has been counted in a record of its own before. */
  #isApart(row: number, { names }: TallyGroup): boolean {
    const counters = this.#counters;
    return counters.hasWindows(row) && names.some((name) => counters.has(row, KIND, name));
  }

  /** In the key's log; -1 when it does not belong there. */
  #windowFor(row: number, name: string, limit: number, amount: number): number {
    if (!isForLog(limit) || !(amount <= MAX_LOG_AMOUNT)) return -1;
    const counters = this.#counters;
    if (counters.hasWindows(row) && counters.has(row, KIND, name)) return -1;
    const window = counters.logs.find(row, name);
    return window < 0 ? counters.logs.place(row, name) : window;
  }

  /** What was counted in the log before, under a lower limit, goes on counting. */
  #consumeAlone(row: number, operation: ConsumeOperation, nowMs: number): ConsumeResult {
    const { name = '' } = operation;
    const counters = this.#counters;
    const isNew = !counters.has(row, KIND, name);
    const slot = counters.openWindow(KIND, row, name, newWindow);
    const window = isNew ? counters.logs.find(row, name) : -1;
    if (window >= 0) Object.assign(slot.record, counters.logs.take(row, window));
    return consumeSlot(this.#records, slot, operation, nowMs);
  }
}
