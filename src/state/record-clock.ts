// The time of a record: never earlier than the latest it was told, unless a clock was set back.

import { CLOCK_TOLERANCE_MS } from './operations.ts';

/**
 * By how much all times of a record move before it is used at `nowMs`: 0, or a negative number when the
 * clock was set back by more than the tolerance. Ages stay as they are.
 */
export function clockShift(latestMs: number, nowMs: number): number {
  return latestMs - nowMs > CLOCK_TOLERANCE_MS ? nowMs - latestMs : 0;
}
