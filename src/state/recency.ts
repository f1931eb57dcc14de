// A bounded map whose least recently used entries go first.
//
// The order is a list threaded through the entries themselves: using one moves a few references, where a
// Map in the order of use would write its table anew. What is kept of a key is in its entry, so that finding
// it in memory takes one look less.

export abstract class Entry {
  readonly key: string;
  bytes: number;
  newer: Entry;
  older: Entry;
  /** It was let go, and nothing finds it any more. */
  isGone = false;

  constructor(key: string) {
    this.key = key;
    this.bytes = ENTRY_BYTES + key.length;
    this.newer = this;
    this.older = this;
  }

  /** From then on it may go before its turn. */
  abstract get expiresMs(): number;
}

class Ends extends Entry {
  override get expiresMs(): number {
    return Infinity;
  }
}

/** About what a key costs beside what is kept of it: the entry, its place in the map, the text. */
const ENTRY_BYTES = 180;

export class Recency<E extends Entry> {
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, E>();
  /** Stands between the newest (`older`) and the oldest (`newer`). */
  readonly #ends: Entry = new Ends('');
  #bytes = 0;

  constructor(maxKeys: number, maxBytes: number) {
    this.#maxKeys = Math.max(2, maxKeys);
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** About what all entries take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): E | undefined {
    return this.#entries.get(key);
  }

  /** Puts a new entry in front. It stays while it is the newest, whatever the bounds. */
  add(entry: E): void {
    const ends = this.#ends;
    entry.newer = ends;
    entry.older = ends.older;
    ends.older.newer = entry;
    ends.older = entry;
    this.#entries.set(entry.key, entry);
    this.#bytes += entry.bytes;
  }

  /** Brings an entry to the front. */
  use(entry: E): void {
    const ends = this.#ends;
    if (ends.older === entry) return;
    entry.newer.older = entry.older;
    entry.older.newer = entry.newer;
    entry.newer = ends;
    entry.older = ends.older;
    ends.older.newer = entry;
    ends.older = entry;
  }

  /** Takes note of the size of what the entry holds, and lets others go that no longer fit. */
  resize(entry: E, heldBytes: number): void {
    const bytes = ENTRY_BYTES + entry.key.length + heldBytes;
    this.#bytes += bytes - entry.bytes;
    entry.bytes = bytes;
    while (this.count > this.#maxKeys || (this.#bytes > this.#maxBytes && this.count > 1)) {
      this.remove(this.#ends.newer);
    }
  }

  /** Lets at most `limit` of the oldest go that have expired. */
  sweep(nowMs: number, limit: number): void {
    for (let swept = 0; swept < limit; swept++) {
      const oldest = this.#ends.newer;
      if (oldest.expiresMs > nowMs) return;
      this.remove(oldest);
    }
  }

  clear(): void {
    while (this.count > 0) this.remove(this.#ends.newer);
  }

  /** An entry that has gone already is left alone. */
  remove(entry: Entry): void {
    if (entry.isGone) return;
    entry.isGone = true;
    this.#entries.delete(entry.key);
    entry.newer.older = entry.older;
    entry.older.newer = entry.newer;
    this.#bytes -= entry.bytes;
  }
}
