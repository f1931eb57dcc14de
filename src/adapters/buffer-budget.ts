// How many bytes of bodies may be held back for inspection at once, over all exchanges.
//
// Without it, the limit per body times the number of connections would be the real limit.

export class BufferBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Counts the bytes in any case; false when the budget is exceeded. */
  take(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= this.#maxBytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
