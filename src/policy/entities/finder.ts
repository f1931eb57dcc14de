// Finds values in a text that is there as a whole or comes in chunks, with the same outcome.
//
// Of each chunk only that is judged which no later byte can change; the rest waits. How much waits is bounded by
// what types may read behind and in front of their anchors, and for ordinary text it is some hundred bytes.

import { ALWAYS_BEFORE, type DataType, type Span } from './data-type.ts';
import type { DetectionPlan, PatternCandidate } from './plan.ts';
import { byPosition, type RawFinding, Resolver } from './resolve.ts';
import { scan } from './scan.ts';

export class Finder {
  /** The text not yet let go, and the offset of its first byte in all that was pushed. */
  text = '';
  base = 0;
  /** No finding that begins in front of this offset is still to come, but for the one held back. */
  settled = 0;

  private readonly plan: DetectionPlan;
  private readonly resolver: Resolver;
  private readonly most: number;
  private readonly chunks: string[] = [];
  private waiting = 0;
  private pending: RawFinding[] = [];
  private count = 0;
  private full = false;
  private scanAt = 0;
  private scanWake = 0;
  private readonly patternAt: number[];
  private readonly patternWake: number[];

  /** Stops looking after `most` values, before overlaps are resolved. */
  constructor(plan: DetectionPlan, emit: (finding: RawFinding) => void, most: number = Infinity) {
    this.plan = plan;
    this.most = most;
    this.resolver = new Resolver(emit);
    this.patternAt = plan.patterns.map(() => 0);
    this.patternWake = plan.patterns.map(() => 0);
  }

  /** True when there were more values than it was to look for; `settled` says how far it came. */
  get stoppedEarly(): boolean {
    return this.full;
  }

  /** The offset up to which text may be given out: no finding still to come begins in front of it. */
  get free(): number {
    return Math.min(this.settled, this.resolver.heldFrom, this.base + this.text.length);
  }

  push(chunk: string): void {
    this.chunks.push(chunk);
    this.waiting += chunk.length;
  }

  /** Looks at what was pushed, as far as it can be judged; at all of it when no more will come. */
  advance(final: boolean): void {
    if (!final && this.base + this.text.length + this.waiting < this.nextWake()) return;
    this.join();
    const { base, text } = this;
    const { length } = text;
    let settled = final ? Infinity : base + length;
    if (this.plan.scans) {
      if (final || base + length >= this.scanWake) {
        const pause = scan(this.plan, text, this.scanAt - base, final, this.report);
        // Where it stopped for want of room is not known better than by the last value.
        const at = this.full ? (this.pending.at(-1)?.start ?? 0) - base : pause.at;
        this.scanAt = base + at;
        this.scanWake = base + pause.wake;
      }
      if (!final || this.full) settled = Math.min(settled, this.scanAt - this.plan.lead);
    }
    this.plan.patterns.forEach((candidate, index) => {
      if (final || base + length >= this.patternWake[index]!) {
        this.runPattern(candidate, index, final);
      }
      if (!final || this.full) settled = Math.min(settled, this.patternAt[index]!);
    });
    this.settle(settled);
  }

  /** Lets go of the text in front of `offset`, but for what types may still look back at. */
  release(offset: number): void {
    const needed = this.plan.scans ? Math.min(offset, this.scanAt) : offset;
    const keep = Math.min(needed, ...this.patternAt) - ALWAYS_BEFORE;
    if (keep <= this.base) return;
    this.text = this.text.slice(keep - this.base);
    this.base = keep;
  }

  private readonly report = (type: DataType, { start, end }: Span): boolean => {
    this.pending.push({ type, start: this.base + start, end: this.base + end, partial: false });
    this.full = ++this.count >= this.most;
    return !this.full;
  };

  private nextWake(): number {
    const wakes = this.plan.scans ? [this.scanWake, ...this.patternWake] : this.patternWake;
    // Without anything to look for nothing has to wait.
    return wakes.length === 0 ? 0 : Math.min(...wakes);
  }

  private join(): void {
    if (this.chunks.length === 0) return;
    this.text += this.chunks.join('');
    this.chunks.length = 0;
    this.waiting = 0;
  }

  private runPattern(candidate: PatternCandidate, index: number, final: boolean): void {
    const { base, text } = this;
    const { type, recogniser } = candidate;
    // One byte more for what an assertion at the end may look at, one for a last newline.
    const reach = recogniser.width + 2;
    const last = final ? text.length : text.length - reach;
    let at = this.patternAt[index]! - base;
    while (at <= last && !this.full) {
      const match = recogniser.matcher.exec(text, at);
      if (match === null || match.index > last) {
        at = Math.max(at, last + 1);
        break;
      }
      const span = { start: match.index, end: match.end };
      at = Math.max(span.end, at + 1);
      if (span.end > span.start && recogniser.accepts(text, span)) this.report(type, span);
    }
    this.patternAt[index] = base + at;
    this.patternWake[index] = base + at + reach * 2;
  }

  private settle(settled: number): void {
    this.settled = Math.max(this.settled, settled);
    const due = this.pending.filter(({ start }) => start < this.settled);
    if (due.length > 0) {
      this.pending = this.pending.filter(({ start }) => start >= this.settled);
      for (const raw of due.sort(byPosition)) this.resolver.add(raw);
    }
    this.resolver.flush(this.settled);
  }
}
