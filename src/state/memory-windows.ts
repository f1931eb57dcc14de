// The windows of the memory store: those of a key in one log, and in records of their own what no log takes.

import type { KeyCounters, MemoryCounters } from './memory-counters.ts';
import type { ConsumeOperation, ConsumeResult } from './operations.ts';
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
  readonly #owners: (KeyCounters | undefined)[] = Array.from({ length: MAX_TALLY_KEYS });

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
    const overUntilMs = holds ? owner.log!.oldestUntilMs(window, windowMs) : undefined;
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
    owner: KeyCounters,
    window: number,
    windowMs: number,
    limit: number,
    amount: number,
    nowMs: number,
  ): number {
    const log = owner.log!;
    const count = log.add(window, amount, nowMs, windowMs, limit + 1);
    this.#counters.keepLog(owner, log.bytes);
    return count;
  }

  /** In the key's log; -1 when it does not belong there. */
  #windowFor(owner: KeyCounters, name: string, limit: number, amount: number): number {
    if (!(limit <= MAX_LOG_LIMIT) || !(amount <= MAX_LOG_AMOUNT)) return -1;
    if (owner.hasWindows && this.#counters.has(owner, KIND, name)) return -1;
    const window = owner.log === undefined ? -1 : owner.log.find(name);
    return window < 0 ? this.#place(owner, name) : window;
  }

  /** Makes room for a window; -1: there is none. */
  #place(owner: KeyCounters, name: string): number {
    const { log } = owner;
    if (log === undefined) {
      const layout = this.#layouts.first(name);
      if (layout === undefined) return -1;
      owner.log = new WindowLog(layout);
      this.#layouts.began(name, owner.log);
    } else {
      const layout = this.#layouts.with(log.layout, name);
      if (layout === undefined) return -1;
      log.extend(layout);
    }
    return owner.log!.find(name);
  }

  /** What was counted in the log before, under a lower limit, goes on counting. */
  #consumeAlone(owner: KeyCounters, operation: ConsumeOperation, nowMs: number): ConsumeResult {
    const { key, name = '' } = operation;
    const { log, hasWindows } = owner;
    const isNew = !hasWindows || !this.#counters.has(owner, KIND, name);
    const slot = this.#records.open(key, name);
    owner.hasWindows = true;
    const window = isNew && log !== undefined ? log.find(name) : -1;
    if (window >= 0) Object.assign(slot.record, log!.take(window));
    return consumeSlot(this.#records, slot, operation, nowMs);
  }
}
