// Blocks of numbers, one for each owner, side by side in few large arrays.
//
// A store keeps some of them for each of a million clients. As arrays of their own they would be a million
// objects that the collector has to visit and that lie anywhere in memory; here making one costs as little as
// writing it. Blocks that have gone leave gaps; `tidy` moves the others together before more than a sixth of
// all is gaps.

/** In front of a block: its owner, and above that its size. */
const HEADER = 1;
const OWNERS = 2 ** 31;
const NOBODY = OWNERS - 1;

/** Sizes of the arrays, in numbers: the first one is small, because many stores stay small. */
const FIRST_CHUNK = 512;
const CHUNK = 32_768;
/** A block from this size on has an array of its own. */
const LARGE = CHUNK / 4;

const NUMBER_BYTES = 8;
/** Of all numbers so many may be in gaps. */
const GAPS = 1 / 6;

/** About what a block of that size takes in memory, with the gaps that `tidy` leaves. */
export function blockBytes(size: number): number {
  return Math.ceil((NUMBER_BYTES * (HEADER + size)) / (1 - GAPS));
}

export class NumberBlocks {
  /** Chunk 0 is where those have their block who have none. */
  readonly #chunks: Float64Array[] = [EMPTY];
  /** By chunk: behind its last block, and how many numbers are not gaps. */
  readonly #ends: number[] = [0];
  readonly #live: number[] = [0];
  /** Chunks that have gone. */
  readonly #unused: number[] = [];
  /** An array to use again. */
  #spare: Float64Array = EMPTY;
  /** Where the next block goes. */
  #current = 0;
  /** By owner: the chunk, and where in it the block begins. */
  #places: Int32Array = new Int32Array(32);
  #capacity = 0;
  #used = 0;

  /** What all takes in memory, gaps and all. */
  get bytes(): number {
    return NUMBER_BYTES * (this.#capacity + this.#spare.length) + 4 * this.#places.length;
  }

  has(owner: number): boolean {
    return 2 * owner < this.#places.length && this.#places[2 * owner] !== 0;
  }

  /** The array with the owner's block. It, and `base`, hold until the next `allocate` or `tidy`. */
  data(owner: number): Float64Array {
    return this.#chunks[this.#places[2 * owner]!]!;
  }

  /** Where the block begins. */
  base(owner: number): number {
    return this.#places[2 * owner + 1]!;
  }

  /** Of a block that is there. */
  size(owner: number): number {
    return Math.floor(this.data(owner)[this.base(owner) - HEADER]! / OWNERS);
  }

  /** A block of that size, which begins as the one before did. What is behind may be anything. */
  allocate(owner: number, size: number): void {
    const chunk = this.#chunkFor(HEADER + size);
    const to = this.#chunks[chunk]!;
    const begin = this.#ends[chunk]! + HEADER;
    to[begin - HEADER] = owner + size * OWNERS;
    this.#ends[chunk] = begin + size;
    this.#live[chunk]! += HEADER + size;
    this.#used += HEADER + size;
    if (this.has(owner)) {
      const from = this.data(owner);
      const base = this.base(owner);
      const kept = Math.min(size, this.size(owner));
      for (let at = 0; at < kept; at++) to[begin + at] = from[base + at]!;
      this.free(owner);
    }
    if (2 * owner >= this.#places.length) {
      const places = new Int32Array(4 * owner);
      places.set(this.#places);
      this.#places = places;
    }
    this.#places[2 * owner] = chunk;
    this.#places[2 * owner + 1] = begin;
  }

  /** Nothing for who has none. */
  free(owner: number): void {
    if (!this.has(owner)) return;
    const size = this.size(owner);
    const chunk = this.#places[2 * owner]!;
    this.#places[2 * owner] = 0;
    this.#chunks[chunk]![this.#places[2 * owner + 1]! - HEADER] = NOBODY + size * OWNERS;
    this.#used -= HEADER + size;
    this.#live[chunk]! -= HEADER + size;
    if (this.#live[chunk] !== 0) return;
    this.#ends[chunk] = 0;
    if (chunk !== this.#current) this.#drop(chunk);
  }

  /** Moves some blocks when there are too many gaps. */
  tidy(): void {
    const ahead = this.#chunks[this.#current]!.length - this.#ends[this.#current]!;
    if (this.#capacity - ahead - this.#used <= this.#capacity * GAPS) return;
    let sparsest = 0;
    let least = 1 - GAPS;
    for (let chunk = 1; chunk < this.#chunks.length; chunk++) {
      const { length } = this.#chunks[chunk]!;
      if (length === 0 || chunk === this.#current) continue;
      const share = this.#live[chunk]! / length;
      if (share >= least) continue;
      least = share;
      sparsest = chunk;
    }
    if (sparsest !== 0) this.#empty(sparsest);
  }

  clear(): void {
    this.#chunks.length = 1;
    this.#ends.length = 1;
    this.#live.length = 1;
    this.#unused.length = 0;
    this.#spare = EMPTY;
    this.#current = 0;
    this.#places = new Int32Array(32);
    this.#capacity = 0;
    this.#used = 0;
  }

  #empty(chunk: number): void {
    const data = this.#chunks[chunk]!;
    let left = this.#live[chunk]!;
    for (let at = 0; left > 0; ) {
      const owner = data[at]! % OWNERS;
      const size = Math.floor(data[at]! / OWNERS);
      at += HEADER + size;
      if (owner === NOBODY) continue;
      left -= HEADER + size;
      this.allocate(owner, size);
    }
  }

  /** One with room for so many numbers behind its last block. */
  #chunkFor(needed: number): number {
    if (needed >= LARGE) return this.#add(new Float64Array(needed));
    const before = this.#current;
    const { length } = this.#chunks[before]!;
    if (this.#ends[before]! + needed <= length) return before;
    const wanted = Math.min(CHUNK, Math.max(FIRST_CHUNK, 2 * length, 2 * needed));
    const isSpare = this.#spare.length >= wanted;
    this.#current = this.#add(isSpare ? this.#spare : new Float64Array(wanted));
    if (isSpare) this.#spare = EMPTY;
    if (before !== 0 && this.#live[before] === 0) this.#drop(before);
    return this.#current;
  }

  #add(data: Float64Array): number {
    const chunk = this.#unused.pop() ?? this.#chunks.length;
    this.#chunks[chunk] = data;
    this.#ends[chunk] = 0;
    this.#live[chunk] = 0;
    this.#capacity += data.length;
    return chunk;
  }

  #drop(chunk: number): void {
    const data = this.#chunks[chunk]!;
    this.#chunks[chunk] = EMPTY;
    this.#unused.push(chunk);
    this.#capacity -= data.length;
    if (data.length === CHUNK) this.#spare = data;
  }
}

const EMPTY = new Float64Array(0);
