// Overlapping values to findings that do not overlap: of two, the longer wins, of two equally long ones that
// of the higher rank. What the loser holds beyond the winner stays a finding of its own, so that no byte of a
// sensitive value is left standing when findings are replaced.

import type { DataType, Finding, Span } from './data-type.ts';

export interface RawFinding extends Span {
  readonly type: DataType;
  readonly partial: boolean;
}

/** The order in which values are given to a `Resolver`. */
export function byPosition(left: RawFinding, right: RawFinding): number {
  return left.start - right.start || right.end - left.end || right.type.rank - left.type.rank;
}

/** Takes values in order and gives findings in order; holds one back, which the next may overlap. */
export class Resolver {
  private held: RawFinding | undefined;
  private covered = 0;
  private readonly emit: (finding: RawFinding) => void;

  constructor(emit: (finding: RawFinding) => void) {
    this.emit = emit;
  }

  /** Where the value held back begins; Infinity without one. */
  get heldFrom(): number {
    return this.held?.start ?? Infinity;
  }

  add(raw: RawFinding): void {
    if (raw.end <= this.covered) return;
    const next = raw.start < this.covered ? { ...raw, start: this.covered, partial: true } : raw;
    const { held } = this;
    if (held === undefined) {
      this.held = next;
    } else if (next.start >= held.end) {
      this.flush(held.end);
      this.held = next;
    } else if (next.end <= held.end) {
      if (isBetter(next, held)) this.held = next;
    } else if (isBetter(next, held)) {
      this.held = { ...held, end: next.start, partial: true };
      if (next.start > held.start) this.flush(next.start);
      this.held = next;
    } else {
      this.flush(held.end);
      this.held = { ...next, start: held.end, partial: true };
    }
  }

  /** Gives out what ends at or before `until`: nothing that begins before it will come any more. */
  flush(until: number): void {
    const { held } = this;
    if (held === undefined || held.end > until) return;
    this.held = undefined;
    this.covered = held.end;
    this.emit(held);
  }
}

function isBetter(one: RawFinding, other: RawFinding): boolean {
  const difference = one.end - one.start - (other.end - other.start);
  return difference > 0 || (difference === 0 && one.type.rank > other.type.rank);
}

/** `text` begins at offset `base` of what the finding's offsets refer to. */
export function toFinding(raw: RawFinding, text: string, base: number): Finding {
  const { type, start, end, partial } = raw;
  const value = text.slice(start - base, end - base);
  return {
    type: type.name,
    start,
    end,
    value,
    canonical: partial ? value : type.canonical(value),
    // The end of a piece is the middle of the value.
    legible: partial ? 0 : type.legible,
    ...(partial && { partial }),
  };
}
