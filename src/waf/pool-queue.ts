// Exchanges that wait for a worker, first come first served.

import type { ExchangeRecord } from '../model/exchange.ts';
import type { ExchangeOutcome } from '../model/transaction.ts';

export interface PoolJob {
  readonly id: string;
  readonly record: ExchangeRecord;
  readonly bytes: number;
  /** When it was taken, on the monotonic clock. */
  readonly sinceMs: number;
  readonly settle: (outcome: ExchangeOutcome) => void;
}

export class PoolQueue {
  #jobs: PoolJob[] = [];
  #head = 0;

  get length(): number {
    return this.#jobs.length - this.#head;
  }

  push(job: PoolJob): void {
    this.#jobs.push(job);
  }

  /** The first ones, at most `count`. */
  take(count: number): readonly PoolJob[] {
    const taken = this.#jobs.slice(this.#head, this.#head + count);
    this.#head += taken.length;
    // Moving the rest down costs its length, so it is done only when half the array is spent.
    if (this.#head * 2 >= this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  /** Takes those that came before `sinceMs`. */
  takeOlder(sinceMs: number): readonly PoolJob[] {
    let count = 0;
    while ((this.#jobs[this.#head + count]?.sinceMs ?? Infinity) < sinceMs) count++;
    return this.take(count);
  }
}
