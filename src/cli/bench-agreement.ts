// Where a peer's verdicts differ from ours, rule by rule, with the records and the known reason.
//
// A difference without a known reason voids the comparison of times: engines that do not do the same work
// cannot be compared by speed.

import type { RecordVerdict } from './bench-subject.ts';

/** `extra`: the peer reports the rule and we do not; `missing`: the other way round. */
export type DifferenceKind = 'extra' | 'missing' | 'interruption';

/** A known reason. Without `rules` it holds for every rule, without `kind` for both directions. */
export interface KnownDifference {
  readonly rules?: readonly number[];
  readonly kind?: DifferenceKind;
  /** A pattern for the record's id, when only some records are meant. */
  readonly records?: string;
  readonly reason: string;
}

export interface Difference {
  /** Rule id; for `interruption` what we and the peer said, `949110:2:403 / -`. */
  readonly rule: number | string;
  readonly kind: DifferenceKind;
  readonly reason: string | null;
  readonly count: number;
  /** Ids of the first records. */
  readonly examples: readonly string[];
}

export interface Agreement {
  readonly records: number;
  readonly equal: number;
  /** Differences without a known reason, counted by record. */
  readonly unexplained: number;
  readonly differences: readonly Difference[];
}

const EXAMPLES = 5;

interface Found {
  readonly rule: number | string;
  readonly kind: DifferenceKind;
}

function stopText({ interruption }: RecordVerdict): string {
  if (interruption === null) return '-';
  return `${interruption.rule ?? 'limit'}:${interruption.phase}:${interruption.status}`;
}

function differencesOf(own: RecordVerdict, peer: RecordVerdict): readonly Found[] {
  const found: Found[] = [];
  for (const rule of peer.matched) {
    if (!own.matched.includes(rule)) found.push({ rule, kind: 'extra' });
  }
  for (const rule of own.matched) {
    if (!peer.matched.includes(rule)) found.push({ rule, kind: 'missing' });
  }
  const [ours, theirs] = [stopText(own), stopText(peer)];
  if (ours !== theirs) found.push({ rule: `${ours} / ${theirs}`, kind: 'interruption' });
  return found;
}

function reasonFor(
  { rule, kind }: Found,
  id: string,
  known: readonly KnownDifference[],
): string | null {
  const fitting = known.find(
    (entry) =>
      (entry.rules === undefined || entry.rules.some((number) => number === rule)) &&
      (entry.kind === undefined || entry.kind === kind) &&
      (entry.records === undefined || new RegExp(entry.records).test(id)),
  );
  return fitting?.reason ?? null;
}

/** `ids` names the records; all three lists are in the order of the file. */
export function compareVerdicts(
  ids: readonly string[],
  own: readonly RecordVerdict[],
  peer: readonly RecordVerdict[],
  known: readonly KnownDifference[],
): Agreement {
  const differences = new Map<string, Difference>();
  let equal = 0;
  let unexplained = 0;
  for (const [index, id] of ids.entries()) {
    const found = differencesOf(own[index] as RecordVerdict, peer[index] as RecordVerdict);
    if (found.length === 0) equal++;
    const reasons = found.map((difference) => reasonFor(difference, id, known));
    if (reasons.includes(null)) unexplained++;
    for (const [at, { rule, kind }] of found.entries()) {
      const reason = reasons[at] ?? null;
      const key = `${rule} ${kind} ${reason}`;
      const before = differences.get(key) ?? { rule, kind, reason, count: 0, examples: [] };
      const examples = before.count < EXAMPLES ? [...before.examples, id] : before.examples;
      differences.set(key, { ...before, count: before.count + 1, examples });
    }
  }
  return {
    records: ids.length,
    equal,
    unexplained,
    differences: [...differences.values()].sort((a, b) => b.count - a.count),
  };
}
