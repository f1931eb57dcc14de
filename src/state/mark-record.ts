// A flag with an end: the record behind `mark`, `unmark` and `peek`, and the end of an item of a list.

export interface MarkRecord {
  value: string;
  untilMs: number;
}

/**
 * What stands after `given` comes upon `stored`; undefined when nothing does.
 *
 * Extending keeps the one that lasts longer, and the older of equal ones.
 */
export function mergedMark(
  stored: MarkRecord | undefined,
  given: MarkRecord,
  mode: 'extend' | 'replace' | undefined,
  nowMs: number,
): MarkRecord | undefined {
  const live = stored !== undefined && stored.untilMs > nowMs ? stored : undefined;
  if (mode !== 'replace' && live !== undefined && live.untilMs >= given.untilMs) return live;
  return given.untilMs > nowMs ? given : mode === 'replace' ? undefined : live;
}
