// Windows in records of their own, one for each.

import type { ConsumeOperation, ConsumeResult } from './operations.ts';
import type { Slot, Slots, WindowSlots } from './slots.ts';
import { tallyKey } from './tally.ts';
import { addToWindow, oldestUntilMs, type WindowRecord, windowBytes } from './window-record.ts';

export function windowSlots(records: Slots<WindowRecord>): WindowSlots {
  const consume: WindowSlots['consume'] = (operation, nowMs) =>
    consumeSlot(records, records.open(operation.key, operation.name ?? ''), operation, nowMs);
  return {
    consume,
    tally: (operation, nowMs, counts) => {
      const { tallies, amount } = operation;
      let isOver = false;
      for (const [index, { scope, name, windowMs, limit }] of tallies.entries()) {
        const key = tallyKey(operation, scope);
        const result = consume({ kind: 'consume', key, name, windowMs, limit, amount }, nowMs);
        counts[index] = result.count;
        isOver ||= result.holds;
      }
      return isOver;
    },
  };
}

export function consumeSlot(
  records: Slots<WindowRecord>,
  slot: Slot<WindowRecord>,
  { windowMs, limit, amount }: ConsumeOperation,
  nowMs: number,
): ConsumeResult {
  const { record } = slot;
  const atMs = addToWindow(record, amount, nowMs, windowMs, limit + 1);
  records.keep(slot, windowBytes(record), atMs + windowMs);
  const holds = record.total > limit;
  const overUntilMs = holds ? oldestUntilMs(record, windowMs) : undefined;
  return { kind: 'consume', holds, count: record.total, overUntilMs };
}
