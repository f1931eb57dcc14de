// Bounded maps whose least recently used entries go first. Several maps may share one bound.
//
// The order is a list threaded through the entries themselves: using one moves a few references, where a
// Map in the order of use would write its table anew.

export interface Entry<V> {
  readonly key: string;
  readonly record: V;
  /** From then on it may go before its turn. */
  expiresMs: number;
  bytes: number;
  newer: Entry<unknown>;
  older: Entry<unknown>;
  readonly home: Map<string, Entry<V>>;
  /** It was let go, and nothing finds it any more. */
  isGone: boolean;
}

/** About what a key costs beside its record: the entry, its place in the map, the text. */
const ENTRY_BYTES = 180;

export class Recency {
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  /** Stands between the newest (`older`) and the oldest (`newer`). */
  readonly #ends: Entry<undefined>;
  #count = 0;
  #bytes = 0;

  constructor(maxKeys: number, maxBytes: number) {
    this.#maxKeys = Math.max(2, maxKeys);
    this.#maxBytes = maxBytes;
    const ends = {
      key: '',
      record: undefined,
      expiresMs: Infinity,
      bytes: 0,
      home: new Map(),
      isGone: false,
    };
    this.#ends = Object.assign(ends, { newer: ends, older: ends }) as unknown as Entry<undefined>;
  }

  get count(): number {
    return this.#count;
  }

  /** About what all entries take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Puts a new entry in front. It stays while it is the newest, whatever the bounds. */
  add<V>(home: Map<string, Entry<V>>, key: string, record: V): Entry<V> {
    const ends = this.#ends as Entry<unknown>;
    const bytes = ENTRY_BYTES + key.length;
    const entry: Entry<V> = {
      key,
      record,
      expiresMs: Infinity,
      bytes,
      newer: ends,
      older: ends.older,
      home,
      isGone: false,
    };
    home.set(key, entry);
    ends.older.newer = entry as Entry<unknown>;
    ends.older = entry as Entry<unknown>;
    this.#count++;
    this.#bytes += bytes;
    return entry;
  }

  /** Brings an entry to the front. */
  use<V>(entry: Entry<V>): void {
    const ends = this.#ends as Entry<unknown>;
    const moved = entry as Entry<unknown>;
    if (ends.older === moved) return;
    moved.newer.older = moved.older;
    moved.older.newer = moved.newer;
    moved.newer = ends;
    moved.older = ends.older;
    ends.older.newer = moved;
    ends.older = moved;
  }

  /** Takes note of the size of what the entry holds, and lets others go that no longer fit. */
  resize<V>(entry: Entry<V>, heldBytes: number): void {
    const bytes = ENTRY_BYTES + entry.key.length + heldBytes;
    this.#bytes += bytes - entry.bytes;
    entry.bytes = bytes;
    while (this.#count > this.#maxKeys || (this.#bytes > this.#maxBytes && this.#count > 1)) {
      this.remove(this.#ends.newer);
    }
  }

  /** Lets at most `limit` of the oldest go that have expired. */
  sweep(nowMs: number, limit: number): void {
    for (let swept = 0; swept < limit; swept++) {
      const oldest = this.#ends.newer;
      if (oldest === this.#ends || oldest.expiresMs > nowMs) return;
      this.remove(oldest);
    }
  }

  clear(): void {
    while (this.#count > 0) this.remove(this.#ends.newer);
  }

  /** An entry that has gone already is left alone. */
  remove<V>(entry: Entry<V>): void {
    if (entry.isGone) return;
    entry.isGone = true;
    entry.home.delete(entry.key);
    entry.newer.older = entry.older;
    entry.older.newer = entry.newer;
    this.#count--;
    this.#bytes -= entry.bytes;
  }
}
