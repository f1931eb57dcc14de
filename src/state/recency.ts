// Rows of which the least recently used go first when there are too many.
//
// A row is a small number, under which others keep what they know of a key. The order is a list
// threaded through the rows: using one changes a few numbers that lie close together, where a Map in the order
// of use would write its table anew, and a list of objects would reach for neighbours anywhere in memory.

/** No row. It stands between the newest and the oldest. */
export const NO_ROW = 0;

// Of a row's links.
const NEWER = 0;
const OLDER = 1;

const FIRST_ROWS = 16;
/** About what a row costs beside what is kept under it. */
const ROW_BYTES = 40;

export class Recency {
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  readonly #letGo: (row: number) => void;
  /** Those that are free are linked by OLDER. */
  #links: Int32Array = new Int32Array(2 * FIRST_ROWS);
  #expires: Float64Array = new Float64Array(FIRST_ROWS);
  #held: Float64Array = new Float64Array(FIRST_ROWS);
  #free: number = NO_ROW;
  /** Behind the last row there has ever been. */
  #end = 1;
  #count = 0;
  #bytes = 0;

  /** `letGo`: told of each row that goes, after it has; the number may then be that of another key. */
  constructor(maxKeys: number, maxBytes: number, letGo: (row: number) => void) {
    this.#maxKeys = Math.max(2, maxKeys);
    this.#maxBytes = maxBytes;
    this.#letGo = letGo;
  }

  get count(): number {
    return this.#count;
  }

  /** About what all of it takes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** From then on the row may go before its turn. */
  expiresMs(row: number): number {
    return this.#expires[row]!;
  }

  expireAt(row: number, expiresMs: number): void {
    this.#expires[row] = expiresMs;
  }

  /** Not before then. */
  expireFrom(row: number, expiresMs: number): void {
    if (expiresMs > this.#expires[row]!) this.#expires[row] = expiresMs;
  }

  /** Puts a new row in front. It stays while it is the newest, whatever the bounds. */
  add(): number {
    const row = this.#newRow();
    this.#expires[row] = -Infinity;
    this.#held[row] = ROW_BYTES;
    this.#bytes += ROW_BYTES;
    this.#count++;
    this.#toFront(row);
    return row;
  }

  /** Brings a row to the front. */
  use(row: number): void {
    if (this.#links[OLDER] === row) return;
    this.#unlink(row);
    this.#toFront(row);
  }

  /** Takes note of how many bytes are kept under the row, and lets others go that no longer fit. */
  resize(row: number, heldBytes: number): void {
    const bytes = ROW_BYTES + heldBytes;
    this.#bytes += bytes - this.#held[row]!;
    this.#held[row] = bytes;
    while (this.count > this.#maxKeys || (this.#bytes > this.#maxBytes && this.count > 1)) {
      this.remove(this.#links[NEWER]!);
    }
  }

  /** Lets at most `limit` of the oldest go that have expired. */
  sweep(nowMs: number, limit: number): void {
    for (let swept = 0; swept < limit && this.count > 0; swept++) {
      const oldest = this.#links[NEWER]!;
      if (this.#expires[oldest]! > nowMs) return;
      this.remove(oldest);
    }
  }

  clear(): void {
    while (this.count > 0) this.remove(this.#links[NEWER]!);
  }

  remove(row: number): void {
    this.#count--;
    this.#bytes -= this.#held[row]!;
    this.#unlink(row);
    this.#links[2 * row + OLDER] = this.#free;
    this.#free = row;
    this.#letGo(row);
  }

  #newRow(): number {
    const free = this.#free;
    if (free !== NO_ROW) {
      this.#free = this.#links[2 * free + OLDER]!;
      return free;
    }
    const row = this.#end++;
    if (row === this.#expires.length) {
      this.#links = grown(this.#links, new Int32Array(4 * row));
      this.#expires = grown(this.#expires, new Float64Array(2 * row));
      this.#held = grown(this.#held, new Float64Array(2 * row));
    }
    return row;
  }

  #toFront(row: number): void {
    const links = this.#links;
    const newest = links[OLDER]!;
    links[2 * row + NEWER] = NO_ROW;
    links[2 * row + OLDER] = newest;
    links[2 * newest + NEWER] = row;
    links[OLDER] = row;
  }

  #unlink(row: number): void {
    const links = this.#links;
    const newer = links[2 * row + NEWER]!;
    const older = links[2 * row + OLDER]!;
    links[2 * newer + OLDER] = older;
    links[2 * older + NEWER] = newer;
  }
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
