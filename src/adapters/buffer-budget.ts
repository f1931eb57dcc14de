// How many bytes of bodies may be held back for inspection at once, over all exchanges.
//
// Without it, the limit per body times the number of connections would be the real limit.

export class BufferBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What one exchange takes of it. */
  share(): BudgetShare {
    let taken = 0;
    return {
      take: (bytes) => {
        taken += bytes;
        this.#bytes += bytes;
        return this.#bytes <= this.#maxBytes;
      },
      giveBack: () => {
        this.#bytes -= taken;
        taken = 0;
      },
    };
  }
}

export interface BudgetShare {
  /** Counts the bytes in any case; false when the budget is exceeded. */
  take(bytes: number): boolean;
  giveBack(): void;
}
