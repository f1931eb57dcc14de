// Gathers a body that arrives in pieces of any size into few pieces of a decent size.
//
// Kept as they come, a body sent byte by byte would cost a hundred times its size in buffer objects.

const SLAB_BYTES = 64 * 1024;

export class ByteCollector {
  readonly #pieces: Buffer[] = [];
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;
  bytes = 0;

  /** Complete after `flush`. */
  get pieces(): readonly Buffer[] {
    return this.#pieces;
  }

  /** The pieces that became complete, in order. */
  add(chunk: Buffer): Buffer[] {
    this.bytes += chunk.length;
    if (chunk.length >= SLAB_BYTES / 4) {
      const complete = this.flush();
      this.#pieces.push(chunk);
      complete.push(chunk);
      return complete;
    }
    const complete = this.#used + chunk.length > this.#slab.length ? this.flush() : [];
    // The first slab fits the first chunk: most bodies are small and come in one.
    if (this.#used === 0) {
      this.#slab = Buffer.allocUnsafe(this.bytes === chunk.length ? chunk.length : SLAB_BYTES);
    }
    chunk.copy(this.#slab, this.#used);
    this.#used += chunk.length;
    return complete;
  }

  /** The piece that was being filled, if any. */
  flush(): Buffer[] {
    if (this.#used === 0) return [];
    const piece = this.#slab.subarray(0, this.#used);
    this.#slab = Buffer.alloc(0);
    this.#used = 0;
    this.#pieces.push(piece);
    return [piece];
  }
}
