// A table of LMDB whose rows expire, bounded in number: what expires first goes first.
//
// An index by time finds what can go. A row that lives on stays where it is in the index, so that using it
// is one write; when its turn comes it is put where it belongs by then. All methods that write want to be
// called inside a write transaction.

import {
  type Database,
  type RootDatabase,
  TIME_BYTES,
  timeBytes,
  timeOf,
  wholeMs,
} from './lmdb-database.ts';

type Stored<Row> = readonly [indexedMs: number, expiresMs: number, row: Row];

/** Rows that may be put where they belong before one goes that may not be the first to expire. */
const MOVED_AT_ONCE = 16;

export class ExpiringTable<Row> {
  readonly #rows: Database<Stored<Row>>;
  readonly #index: Database<null>;
  readonly #maxRows: number;

  constructor(root: RootDatabase, name: string, maxRows: number) {
    // The names carry the version of the format.
    const options = { keyEncoding: 'binary', encoding: 'msgpack' } as const;
    this.#rows = root.openDB({ name: `${name}-1`, ...options });
    this.#index = root.openDB({ name: `${name}-by-time-1`, ...options });
    this.#maxRows = Math.max(2, maxRows);
  }

  get(place: Buffer): Row | undefined {
    return this.#rows.get(place)?.[2];
  }

  put(place: Buffer, row: Row, expiresMs: number): void {
    const before = this.#rows.get(place);
    // An index that is too late would keep the row after its end; too early is put right in its turn.
    const stays = before !== undefined && before[0] <= wholeMs(expiresMs);
    const indexedMs = stays ? before[0] : wholeMs(expiresMs);
    this.#rows.putSync(place, [indexedMs, expiresMs, row]);
    if (stays) return;
    if (before !== undefined) this.#index.removeSync(indexKey(before[0], place));
    this.#index.putSync(indexKey(indexedMs, place), null);
    if (before === undefined && this.#rows.getStats().entryCount > this.#maxRows) {
      this.#makeRoom(place);
    }
  }

  remove(place: Buffer): void {
    const row = this.#rows.get(place);
    if (row === undefined) return;
    this.#rows.removeSync(place);
    this.#index.removeSync(indexKey(row[0], place));
  }

  /** Removes at most `limit` of the rows that have expired. */
  sweep(nowMs: number, limit: number): void {
    for (const key of [...this.#index.getKeys({ end: timeBytes(nowMs), limit })]) {
      if (!this.#move(key)) this.#drop(key);
    }
  }

  /** Removes one row other than that at `kept`. */
  #makeRoom(kept: Buffer): void {
    for (let tried = 0; tried <= MOVED_AT_ONCE; tried++) {
      // One more than that at `kept`, so that there is another.
      for (const key of [...this.#index.getKeys({ limit: 2 })]) {
        if (key.subarray(TIME_BYTES).equals(kept)) continue;
        if (tried < MOVED_AT_ONCE && this.#move(key)) break;
        this.#drop(key);
        return;
      }
    }
  }

  /** Puts an entry of the index where its row belongs by now; false when it is there. */
  #move(key: Buffer): boolean {
    const place = key.subarray(TIME_BYTES);
    const stored = this.#rows.get(place);
    if (stored === undefined) return false;
    const [, expiresMs, row] = stored;
    if (wholeMs(expiresMs) <= timeOf(key, 0)) return false;
    this.#index.removeSync(key);
    this.#rows.putSync(place, [wholeMs(expiresMs), expiresMs, row]);
    this.#index.putSync(indexKey(expiresMs, place), null);
    return true;
  }

  #drop(key: Buffer): void {
    this.#index.removeSync(key);
    this.#rows.removeSync(key.subarray(TIME_BYTES));
  }
}

function indexKey(ms: number, place: Buffer): Buffer {
  return Buffer.concat([timeBytes(ms), place]);
}
