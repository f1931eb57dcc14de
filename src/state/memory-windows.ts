// The windows of the memory store: those of a key in one log, and in records of their own what no log takes.

import type { KeyCounters, MemoryCounters } from './memory-counters.ts';
import type { ConsumeOperation, ConsumeResult } from './operations.ts';
import type { Entry } from './recency.ts';
import type { Slots, WindowSlots } from './slots.ts';
import { MAX_TALLY_KEYS, type TallyOperation } from './tally.ts';
import { WindowLayouts } from './window-layout.ts';
import { MAX_LOG_AMOUNT, MAX_LOG_LIMIT, WindowLog } from './window-log.ts';
import { newWindow, type WindowRecord } from './window-record.ts';
import { consumeSlot } from './window-slots.ts';

const KIND = 'window';

export class MemoryWindows implements WindowSlots {
  readonly #counters: MemoryCounters;
  readonly #records: Slots<WindowRecord>;
  readonly #layouts = new WindowLayouts();
  /** The entries of a tally's keys, while it is counted. */
  readonly #owners: (Entry<KeyCounters> | undefined)[] = Array.from({ length: MAX_TALLY_KEYS });

  constructor(counters: MemoryCounters) {
    this.#counters = counters;
    this.#records = counters.slots(KIND, newWindow);
  }

  consume(operation: ConsumeOperation, nowMs: number): ConsumeResult {
    const { key, name = '', windowMs, limit, amount } = operation;
    const owner = this.#counters.ownerOf(key);
    const window = this.#windowFor(owner, name, limit, amount);
    if (window < 0) return this.#consumeAlone(owner, operation, nowMs);
    const count = this.#add(owner, window, windowMs, limit, amount, nowMs);
    const holds = count > limit;
    const overUntilMs = holds ? owner.record.log!.oldestUntilMs(window, windowMs) : undefined;
    return { kind: 'consume', holds, count, overUntilMs };
  }

  tally({ keys, tallies, amount }: TallyOperation, nowMs: number, counts: number[]): boolean {
    const owners = this.#owners;
    owners.fill(undefined);
    let isOver = false;
    for (let index = 0; index < tallies.length; index++) {
      const { key, name, windowMs, limit } = tallies[index]!;
      let owner = owners[key];
      if (owner === undefined || owner.isGone) {
        owner = this.#counters.ownerOf(keys[key]!);
        owners[key] = owner;
      }
      const window = this.#windowFor(owner, name, limit, amount);
      const count =
        window >= 0
          ? this.#add(owner, window, windowMs, limit, amount, nowMs)
          : this.#consumeAlone(
              owner,
              { kind: 'consume', key: owner.key, name, windowMs, limit, amount },
              nowMs,
            ).count;
      counts.push(count);
      if (count > limit) isOver = true;
    }
    return isOver;
  }

  #add(
    owner: Entry<KeyCounters>,
    window: number,
    windowMs: number,
    limit: number,
    amount: number,
    nowMs: number,
  ): number {
    const log = owner.record.log!;
    const atMs = log.add(window, amount, nowMs, windowMs, limit + 1);
    this.#counters.keepLog(owner, log.bytes, atMs + windowMs);
    return log.total(window);
  }

  /** In the key's log; -1 when it does not belong there. */
  #windowFor(owner: Entry<KeyCounters>, name: string, limit: number, amount: number): number {
    const { record } = owner;
    if (!(limit <= MAX_LOG_LIMIT) || !(amount <= MAX_LOG_AMOUNT)) return -1;
    if (record.hasWindows && this.#counters.has(owner, KIND, name)) return -1;
    const window = record.log === undefined ? -1 : record.log.find(name);
    return window < 0 ? this.#place(record, name) : window;
  }

  /** Makes room for a window; -1: there is none. */
  #place(record: KeyCounters, name: string): number {
    const { log } = record;
    if (log === undefined) {
      const layout = this.#layouts.first(name);
      if (layout === undefined) return -1;
      record.log = new WindowLog(layout);
      this.#layouts.began(name, record.log);
    } else {
      const layout = this.#layouts.with(log.layout, name);
      if (layout === undefined) return -1;
      log.extend(layout);
    }
    return record.log!.find(name);
  }

  /** What was counted in the log before, under a lower limit, goes on counting. */
  #consumeAlone(
    owner: Entry<KeyCounters>,
    operation: ConsumeOperation,
    nowMs: number,
  ): ConsumeResult {
    const { key, name = '' } = operation;
    const { log, hasWindows } = owner.record;
    const isNew = !hasWindows || !this.#counters.has(owner, KIND, name);
    const slot = this.#records.open(key, name);
    owner.record.hasWindows = true;
    const window = isNew && log !== undefined ? log.find(name) : -1;
    if (window >= 0) Object.assign(slot.record, log!.take(window));
    return consumeSlot(this.#records, slot, operation, nowMs);
  }
}
