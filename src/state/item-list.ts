// One list of the memory store: items with an end, bounded in number.
//
// A heap knows which item ends first, so that making room never walks over the whole list.

import type { ListedItem } from './operations.ts';

interface Ending {
  readonly untilMs: number;
  readonly item: string;
}

export class ItemList {
  readonly #untilMs = new Map<string, number>();
  /** A binary heap by time. Endings of items that were changed or removed are passed over. */
  readonly #endings: Ending[] = [];

  get size(): number {
    return this.#untilMs.size;
  }

  get(item: string, nowMs: number): number | undefined {
    const untilMs = this.#untilMs.get(item);
    return untilMs !== undefined && untilMs > nowMs ? untilMs : undefined;
  }

  /** False when the list is full of items that live. */
  set(item: string, untilMs: number, nowMs: number, maxItems: number): boolean {
    this.expire(nowMs);
    if (!this.#untilMs.has(item) && this.#untilMs.size >= maxItems) return false;
    this.#untilMs.set(item, untilMs);
    if (untilMs !== Infinity) this.#push({ untilMs, item });
    if (this.#endings.length > 2 * this.#untilMs.size + 16) this.#rebuild();
    return true;
  }

  delete(item: string): void {
    this.#untilMs.delete(item);
  }

  expire(nowMs: number): void {
    for (let first = this.#endings[0]; first !== undefined; first = this.#endings[0]) {
      if (first.untilMs > nowMs) return;
      this.#pop();
      if (this.#untilMs.get(first.item) === first.untilMs) this.#untilMs.delete(first.item);
    }
  }

  /** The first `limit` items behind `after`, in the order of their bytes. */
  items(limit: number, after: string | undefined): readonly ListedItem[] {
    return [...this.#untilMs]
      .filter(([item]) => after === undefined || item > after)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, Math.max(0, limit))
      .map(([item, untilMs]) => ({ item, untilMs }));
  }

  #rebuild(): void {
    this.#endings.length = 0;
    for (const [item, untilMs] of this.#untilMs) {
      if (untilMs !== Infinity) this.#push({ untilMs, item });
    }
  }

  #push(ending: Ending): void {
    const heap = this.#endings;
    let at = heap.length;
    heap.push(ending);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (heap[above]!.untilMs <= ending.untilMs) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = ending;
  }

  #pop(): void {
    const heap = this.#endings;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1]!.untilMs < heap[below]!.untilMs) below++;
      if (heap[below]!.untilMs >= last.untilMs) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}
