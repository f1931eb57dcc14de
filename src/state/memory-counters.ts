// The counters of the memory store: one row for a key, with all that is counted under it.
//
// A request counts many things for few keys. One look finds them all, and they are used, and forgotten,
// together.

import { KeyIndex } from './key-index.ts';
import { NO_ROW, Recency } from './recency.ts';
import type { Slot, Slots } from './slots.ts';
import { WindowLayouts } from './window-layout.ts';
import { WindowLogs } from './window-log.ts';

interface CounterSlot<R> extends Slot<R> {
  readonly kind: string;
  readonly name: string;
  readonly owner: KeySlots;
  bytes: number;
  expiresMs: number;
}

/** What is counted under a key in records of its own. */
class KeySlots {
  readonly row: number;
  slots: CounterSlot<unknown>[] = [];
  /** Where the next one is looked for first: rules ask in the same order each time. */
  next = 0;
  /** There are windows among the slots. */
  hasWindows = false;
  bytes = KEY_SLOTS_BYTES;
  /** The key was let go, and nothing finds it any more. */
  isGone = false;

  constructor(row: number) {
    this.row = row;
  }
}

const KEY_SLOTS_BYTES = 120;
/** About what a counter costs beside its record and its name, which is a rule's. */
const SLOT_BYTES = 72;
/** From so many on, and at each doubling, those that have expired are let go. */
const PRUNE_FROM = 16;

export class MemoryCounters {
  /** Most windows, by row. */
  readonly logs: WindowLogs = new WindowLogs(new WindowLayouts());
  readonly #index = new KeyIndex();
  readonly #recency: Recency;
  /** By row: what its key takes in memory. */
  readonly #keyBytes: number[] = [0];
  /** By row, of keys that have more than a log. */
  readonly #slots = new Map<number, KeySlots>();
  /** The two keys used last: a request mostly counts for its sender, and for its sender at an endpoint. */
  #last = NO_ROW;
  #lastKey = '';
  #lastButOne = NO_ROW;
  #lastButOneKey = '';
  #gone = 0;
  #sweptMs = -Infinity;

  constructor(maxKeys: number, maxBytes: number) {
    this.#recency = new Recency(maxKeys, maxBytes, (row) => this.#letGo(row));
  }

  get keys(): number {
    return this.#recency.count;
  }

  get bytes(): number {
    return this.#recency.bytes;
  }

  /** How many keys have been let go. While it stays the same, rows belong to the same keys. */
  get gone(): number {
    return this.#gone;
  }

  slots<R>(kind: string, fresh: () => R): Slots<R> {
    return {
      open: (key, name) => this.#open(kind, this.rowOf(key), name, fresh),
      keep: (slot, bytes, expiresMs) => this.#keep(slot as CounterSlot<R>, bytes, expiresMs),
    };
  }

  hasWindows(row: number): boolean {
    return this.#slots.size > 0 && this.#slots.get(row)?.hasWindows === true;
  }

  /** Whether the key has such a slot. */
  has(row: number, kind: string, name: string): boolean {
    const slots = this.#slots.get(row)?.slots ?? [];
    return slots.some((slot) => slot.name === name && slot.kind === kind);
  }

  /** Takes note of what was added to the log of a row, which counts until then. May let keys go. */
  keepLog(row: number, expiresMs: number): void {
    this.#recency.expireFrom(row, expiresMs);
    if (this.logs.takeResized()) this.#resize(row);
  }

  sweep(nowMs: number, limit: number): void {
    this.#sweptMs = nowMs;
    this.#recency.sweep(nowMs, limit);
    this.logs.tidy();
  }

  clear(): void {
    this.#recency.clear();
    this.logs.clear();
    this.#slots.clear();
  }

  /** The row of a key; a new one when there is none. */
  rowOf(key: string): number {
    // The texts of the request itself are compared: they are the same object.
    if (this.#last !== NO_ROW && this.#lastKey === key) return this.#last;
    if (this.#lastButOne !== NO_ROW && this.#lastButOneKey === key) {
      const row = this.#lastButOne;
      this.#recency.use(row);
      this.#noteLast(row, key);
      return row;
    }
    return this.#rowOfNext(key);
  }

  /** The keys that `rowAt` is asked for. */
  aim(subject: string, place: string): void {
    this.#index.aim(subject, place);
  }

  /** The row of a scope's key; a new one when there is none. */
  rowAt(scope: number): number {
    // What was used last is no more what it was.
    this.#last = NO_ROW;
    this.#lastButOne = NO_ROW;
    return this.#use(this.#index.find(scope));
  }

  #rowOfNext(key: string): number {
    const row = this.#use(this.#index.findText(key));
    this.#noteLast(row, key);
    return row;
  }

  #noteLast(row: number, key: string): void {
    this.#lastButOne = this.#last;
    this.#lastButOneKey = this.#lastKey;
    this.#last = row;
    this.#lastKey = key;
  }

  #use(found: number): number {
    if (found !== NO_ROW) {
      this.#recency.use(found);
      return found;
    }
    const row = this.#recency.add();
    this.#keyBytes[row] = this.#index.add(row);
    return row;
  }

  /** A record of the key for a window that no log takes. */
  openWindow<R>(kind: string, row: number, name: string, fresh: () => R): Slot<R> {
    const slot = this.#open(kind, row, name, fresh);
    slot.owner.hasWindows = true;
    return slot;
  }

  #open<R>(kind: string, row: number, name: string, fresh: () => R): CounterSlot<R> {
    let owner = this.#slots.get(row);
    if (owner === undefined) {
      owner = new KeySlots(row);
      this.#slots.set(row, owner);
    }
    const { slots } = owner;
    let at = owner.next;
    for (let tried = 0; tried < slots.length; tried++) {
      if (at >= slots.length) at = 0;
      const slot = slots[at]!;
      at++;
      if (slot.name !== name || slot.kind !== kind) continue;
      owner.next = at;
      return slot as CounterSlot<R>;
    }
    if (slots.length >= PRUNE_FROM && Number.isInteger(Math.log2(slots.length))) {
      this.#prune(owner);
    }
    const slot = { kind, name, owner, record: fresh(), bytes: 0, expiresMs: Infinity };
    // A first element that is pushed makes room for seventeen.
    if (owner.slots.length === 0) owner.slots = [slot];
    else owner.slots.push(slot);
    owner.next = owner.slots.length;
    return slot;
  }

  #keep<R>(slot: CounterSlot<R>, recordBytes: number, expiresMs: number): void {
    const { owner } = slot;
    const bytes = SLOT_BYTES + recordBytes;
    slot.expiresMs = expiresMs;
    if (owner.isGone) return;
    this.#recency.expireFrom(owner.row, expiresMs);
    if (bytes === slot.bytes) return;
    owner.bytes += bytes - slot.bytes;
    slot.bytes = bytes;
    this.#resize(owner.row);
  }

  #resize(row: number): void {
    const slotBytes = this.#slots.size === 0 ? 0 : (this.#slots.get(row)?.bytes ?? 0);
    this.#recency.resize(row, this.#keyBytes[row]! + this.logs.bytesOf(row) + slotBytes);
  }

  #letGo(row: number): void {
    this.#gone++;
    this.#index.remove(row);
    this.logs.free(row);
    const slots = this.#slots.get(row);
    if (slots !== undefined) {
      slots.isGone = true;
      this.#slots.delete(row);
    }
    if (row === this.#last) this.#last = NO_ROW;
    if (row === this.#lastButOne) this.#lastButOne = NO_ROW;
  }

  #prune(owner: KeySlots): void {
    owner.slots = owner.slots.filter(({ expiresMs, bytes }) => {
      const isLive = expiresMs > this.#sweptMs;
      if (!isLive) owner.bytes -= bytes;
      return isLive;
    });
  }
}
