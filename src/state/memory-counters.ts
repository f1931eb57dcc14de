// The counters of the memory store: one entry for a key, with all that is counted under it.
//
// A request counts many things for few keys. One look finds them all, and they are used, and forgotten,
// together.

import { Entry, Recency } from './recency.ts';
import type { Slot, Slots } from './slots.ts';
import type { WindowLog } from './window-log.ts';

interface CounterSlot<R> extends Slot<R> {
  readonly kind: string;
  readonly name: string;
  readonly owner: KeyCounters;
  bytes: number;
  expiresMs: number;
}

/** Of keys that only have a log. */
const NO_SLOTS = Object.freeze([]) as unknown as CounterSlot<unknown>[];

export class KeyCounters extends Entry {
  slots: CounterSlot<unknown>[] = NO_SLOTS;
  /** Where the next one is looked for first: rules ask in the same order each time. */
  next = 0;
  /** Most windows; undefined before the first of them. */
  log: WindowLog | undefined = undefined;
  logBytes = 0;
  /** There are windows among the slots. */
  hasWindows = false;
  slotsExpireMs: number = -Infinity;
  /** Of the log and the slots. */
  heldBytes = 0;

  override get expiresMs(): number {
    return Math.max(this.slotsExpireMs, this.log?.expiresMs ?? -Infinity);
  }
}

/** About what a counter costs beside its record and its name, which is a rule's. */
const SLOT_BYTES = 72;
/** From so many on, and at each doubling, those that have expired are let go. */
const PRUNE_FROM = 16;

export class MemoryCounters {
  readonly #recency: Recency<KeyCounters>;
  /** The two keys used last: a request mostly counts for its sender, and for its sender at an endpoint. */
  #last: KeyCounters | undefined;
  #lastKey = '';
  #lastButOne: KeyCounters | undefined;
  #lastButOneKey = '';
  #sweptMs = -Infinity;

  constructor(maxKeys: number, maxBytes: number) {
    this.#recency = new Recency(maxKeys, maxBytes);
  }

  get keys(): number {
    return this.#recency.count;
  }

  get bytes(): number {
    return this.#recency.bytes;
  }

  slots<R>(kind: string, fresh: () => R): Slots<R> {
    return {
      open: (key, name) => this.#open(kind, key, name, fresh),
      keep: (slot, bytes, expiresMs) => this.#keep(slot as CounterSlot<R>, bytes, expiresMs),
    };
  }

  /** Whether the key has such a slot. */
  has({ slots }: KeyCounters, kind: string, name: string): boolean {
    return slots.some((slot) => slot.name === name && slot.kind === kind);
  }

  /** Takes note of the size of the key's log. May let other keys go. */
  keepLog(owner: KeyCounters, bytes: number): void {
    if (bytes === owner.logBytes || owner.isGone) return;
    owner.heldBytes += bytes - owner.logBytes;
    owner.logBytes = bytes;
    this.#recency.resize(owner, owner.heldBytes);
  }

  sweep(nowMs: number, limit: number): void {
    this.#sweptMs = nowMs;
    this.#recency.sweep(nowMs, limit);
  }

  clear(): void {
    this.#recency.clear();
    this.#last = undefined;
    this.#lastButOne = undefined;
  }

  #open<R>(kind: string, key: string, name: string, fresh: () => R): CounterSlot<R> {
    const owner = this.ownerOf(key);
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

  /** The entry of a key; a new one when there is none. */
  ownerOf(key: string): KeyCounters {
    const last = this.#last;
    const other = this.#lastButOne;
    // They are the two newest already. The texts of the request itself are compared: they are the same object.
    if (last !== undefined && this.#lastKey === key && !last.isGone) return last;
    if (other !== undefined && this.#lastButOneKey === key && !other.isGone) return other;
    let entry = this.#recency.get(key);
    if (entry === undefined) {
      entry = new KeyCounters(key);
      this.#recency.add(entry);
    } else {
      this.#recency.use(entry);
    }
    this.#lastButOne = last;
    this.#lastButOneKey = this.#lastKey;
    this.#last = entry;
    this.#lastKey = key;
    return entry;
  }

  #keep<R>(slot: CounterSlot<R>, recordBytes: number, expiresMs: number): void {
    const { owner } = slot;
    const bytes = SLOT_BYTES + recordBytes;
    slot.expiresMs = expiresMs;
    if (expiresMs > owner.slotsExpireMs) owner.slotsExpireMs = expiresMs;
    if (bytes === slot.bytes || owner.isGone) return;
    owner.heldBytes += bytes - slot.bytes;
    slot.bytes = bytes;
    this.#recency.resize(owner, owner.heldBytes);
  }

  #prune(owner: KeyCounters): void {
    owner.slots = owner.slots.filter(({ expiresMs, bytes }) => {
      const isLive = expiresMs > this.#sweptMs;
      if (!isLive) owner.heldBytes -= bytes;
      return isLive;
    });
  }
}
