// The records of the memory store: counters, marks and lists, each bounded on its own.

import { newDistinct } from './distinct-record.ts';
import { ItemList } from './item-list.ts';
import { newLearner } from './learn-record.ts';
import type { MarkRecord } from './mark-record.ts';
import { MemoryCounters } from './memory-counters.ts';
import { MemoryWindows } from './memory-windows.ts';
import { Entry, Recency } from './recency.ts';
import { newScore } from './score-record.ts';
import type { ListSlots, MarkSlots, StateSlots } from './slots.ts';

export interface MemoryBounds {
  readonly maxKeys: number;
  readonly maxBytes: number;
  readonly maxMarks: number;
  readonly maxLists: number;
  readonly maxListItems: number;
}

export interface MemorySlots extends StateSlots {
  /** Lets go what has expired, a little at a time. */
  readonly sweep: (nowMs: number, limit: number) => void;
  readonly usage: () => { readonly keys: number; readonly bytes: number; readonly marks: number };
  readonly clear: () => void;
}

export function memorySlots(bounds: MemoryBounds): MemorySlots {
  const counters = new MemoryCounters(bounds.maxKeys, bounds.maxBytes);
  const marks = new Recency<MarkEntry>(bounds.maxMarks, Infinity);
  const lists = new Map<string, ItemList>();
  return {
    windows: new MemoryWindows(counters),
    distincts: counters.slots('distinct', newDistinct),
    learners: counters.slots('learner', newLearner),
    scores: counters.slots('score', newScore),
    marks: markSlots(marks),
    lists: listSlots(lists, bounds),
    sweep: (nowMs, limit) => {
      counters.sweep(nowMs, limit);
      marks.sweep(nowMs, limit);
    },
    usage: () => ({ keys: counters.keys, bytes: counters.bytes, marks: marks.count }),
    clear: () => {
      counters.clear();
      marks.clear();
      lists.clear();
    },
  };
}

class MarkEntry extends Entry implements MarkRecord {
  value = '';
  untilMs = -Infinity;

  override get expiresMs(): number {
    return this.untilMs;
  }
}

function markSlots(recency: Recency<MarkEntry>): MarkSlots {
  return {
    get: (key) => {
      // Mostly nobody is marked, and then the key need not be hashed.
      const entry = recency.count === 0 ? undefined : recency.get(key);
      if (entry !== undefined) recency.use(entry);
      return entry;
    },
    set: (key, { value, untilMs }) => {
      let entry = recency.get(key);
      if (entry === undefined) {
        entry = new MarkEntry(key);
        recency.add(entry);
      }
      entry.value = value;
      entry.untilMs = untilMs;
      recency.resize(entry, value.length);
    },
    delete: (key) => {
      const entry = recency.get(key);
      if (entry !== undefined) recency.remove(entry);
    },
  };
}

function listSlots(lists: Map<string, ItemList>, bounds: MemoryBounds): ListSlots {
  return {
    get: (list, item, nowMs) => lists.get(list)?.get(item, nowMs),
    set: (list, item, untilMs, nowMs) => {
      let items = lists.get(list);
      if (items === undefined) {
        if (lists.size >= bounds.maxLists) dropEmpty(lists, nowMs);
        if (lists.size >= bounds.maxLists) return false;
        items = new ItemList();
        lists.set(list, items);
      }
      return items.set(item, untilMs, nowMs, bounds.maxListItems);
    },
    delete: (list, item) => lists.get(list)?.delete(item),
    items: (list, nowMs, limit, after) => {
      const items = lists.get(list);
      items?.expire(nowMs);
      return { size: items?.size ?? 0, items: items?.items(limit, after) ?? [] };
    },
  };
}

function dropEmpty(lists: Map<string, ItemList>, nowMs: number): void {
  for (const [name, items] of lists) {
    items.expire(nowMs);
    if (items.size === 0) lists.delete(name);
  }
}
