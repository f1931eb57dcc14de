// The windows of the memory store: those of a key in one log, and in records of their own what no log takes.

import type { MemoryCounters } from './memory-counters.ts';
import type { ConsumeOperation, ConsumeResult } from './operations.ts';
import { NO_ROW } from './recency.ts';
import type { Slots, WindowSlots } from './slots.ts';
import { MAX_TALLY_KEYS, type TallyOperation } from './tally.ts';
import { MAX_LOG_AMOUNT, MAX_LOG_LIMIT } from './window-log.ts';
import { newWindow, type WindowRecord } from './window-record.ts';
import { consumeSlot } from './window-slots.ts';

const KIND = 'window';

export class MemoryWindows implements WindowSlots {
  readonly #counters: MemoryCounters;
  readonly #records: Slots<WindowRecord>;
  /** The rows of a tally's keys, while it is counted. */
  readonly #rows: number[] = Array.from({ length: MAX_TALLY_KEYS }, () => NO_ROW);

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

  tally({ keys, tallies, amount }: TallyOperation, nowMs: number, counts: number[]): boolean {
    const counters = this.#counters;
    const { logs } = counters;
    const rows = this.#rows;
    rows.fill(NO_ROW);
    let { gone } = counters;
    let isOver = false;
    for (let index = 0; index < tallies.length; index++) {
      const { key, name, windowMs, limit } = tallies[index]!;
      let row = rows[key]!;
      if (row === NO_ROW) {
        row = counters.rowOfNext(keys[key]!);
        rows[key] = row;
      }
      const window = this.#windowFor(row, name, limit, amount);
      let count: number;
      if (window < 0) {
        const alone = { kind: 'consume', key: keys[key]!, name, windowMs, limit, amount } as const;
        count = this.#consumeAlone(row, alone, nowMs).count;
      } else {
        count = logs.add(row, window, amount, nowMs, windowMs, limit + 1);
        counters.keepLog(row, logs.addedMs + windowMs);
      }
      counts.push(count);
      if (count > limit) isOver = true;
      if (counters.gone !== gone) {
        gone = counters.gone;
        rows.fill(NO_ROW);
      }
    }
    return isOver;
  }

  /** In the key's log; -1 when it does not belong there. */
  #windowFor(row: number, name: string, limit: number, amount: number): number {
    if (!(limit <= MAX_LOG_LIMIT) || !(amount <= MAX_LOG_AMOUNT)) return -1;
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
