// Where the groups of a match lie, as texts for rules and as places for logs.

import type { MatcherResult, MatchSpan } from '../model/operator.ts';

export type GroupSpans = readonly (MatchSpan | undefined)[];

/** `slots` holds begin and end of each group; one that took no part has a negative begin or end. */
export function spansOfSlots(slots: ArrayLike<number>): GroupSpans {
  const spans: (MatchSpan | undefined)[] = [];
  for (let slot = 0; slot + 1 < slots.length; slot += 2) {
    const open = slots[slot] as number;
    const close = slots[slot + 1] as number;
    spans.push(open < 0 || close < 0 ? undefined : [open, close - open]);
  }
  return spans;
}

/** The texts of the groups, and the place of the whole. */
export function resultOfSlots(subject: string, slots: Int32Array): MatcherResult {
  const groups: (string | undefined)[] = [];
  for (let slot = 0; slot < slots.length; slot += 2) {
    const open = slots[slot]!;
    const close = slots[slot + 1]!;
    groups.push(open < 0 || close < 0 ? undefined : subject.slice(open, close));
  }
  return { index: slots[0]!, end: slots[1]!, groups };
}
