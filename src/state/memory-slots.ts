// The records of the memory store: counters, marks and lists, each bounded on its own.

import { newDistinct } from './distinct-record.ts';
import { ItemList } from './item-list.ts';
import { newLearner } from './learn-record.ts';
import type { MarkRecord } from './mark-record.ts';
import { MemoryCounters } from './memory-counters.ts';
import { MemoryWindows } from './memory-windows.ts';
import { Recency } from './recency.ts';
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
  const marks = new MemoryMarks(bounds.maxMarks);
  const lists = new Map<string, ItemList>();
  return {
    windows: new MemoryWindows(counters),
    distincts: counters.slots('distinct', newDistinct),
    learners: counters.slots('learner', newLearner),
    scores: counters.slots('score', newScore),
    marks,
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

class MemoryMarks implements MarkSlots {
  readonly #recency: Recency;
  readonly #rows = new Map<string, number>();
  // By row.
  readonly #keys: string[] = [''];
  readonly #values: string[] = [''];

  constructor(maxMarks: number) {
    this.#recency = new Recency(maxMarks, Infinity, (row) => {
      this.#rows.delete(this.#keys[row]!);
      this.#keys[row] = '';
      this.#values[row] = '';
    });
  }

  get count(): number {
    return this.#recency.count;
  }

  get(key: string): MarkRecord | undefined {
    // Mostly nobody is marked, and then the key need not be hashed.
    const row = this.#rows.size === 0 ? undefined : this.#rows.get(key);
    if (row === undefined) return undefined;
    this.#recency.use(row);
    return { value: this.#values[row]!, untilMs: this.#recency.expiresMs(row) };
  }

  set(key: string, { value, untilMs }: MarkRecord): void {
    const row = this.#rows.get(key) ?? this.#add(key);
    this.#values[row] = value;
    this.#recency.expireAt(row, untilMs);
    this.#recency.resize(row, key.length + value.length);
  }

  delete(key: string): void {
    const row = this.#rows.get(key);
    if (row !== undefined) this.#recency.remove(row);
  }

  #add(key: string): number {
    const row = this.#recency.add();
    this.#rows.set(key, row);
    this.#keys[row] = key;
    return row;
  }

  sweep(nowMs: number, limit: number): void {
    this.#recency.sweep(nowMs, limit);
  }

  clear(): void {
    this.#recency.clear();
  }
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
