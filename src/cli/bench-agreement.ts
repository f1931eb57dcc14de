// Where a peer's verdicts differ from ours, rule by rule, with the records and the known reason.
//
// A difference without a known reason voids the comparison of times: engines that do not do the same work
// cannot be compared by speed.

import type { ExchangeRecord } from '../model/exchange.ts';
import type { BenchItem, RecordVerdict } from './bench-subject.ts';

/** `extra`: the peer reports the rule and we do not; `missing`: the other way round. */
export type DifferenceKind = 'extra' | 'missing' | 'interruption';

/** A reason why a peer says something else, and where it holds: everything given has to fit. */
export interface KnownDifference {
  readonly reason: string;
  readonly rules?: readonly number[];
  readonly kind?: DifferenceKind;
  /** Patterns for parts of the record. */
  readonly uri?: string;
  readonly contentType?: string;
  /** Of one header, as `name: value`. */
  readonly header?: string;
  readonly body?: string;
  /** The rule adds up what others found: known only beside another known difference of the record. */
  readonly follows?: boolean;
}

export interface Difference {
  /** Rule id; for `interruption` what we and the peer said, `949110:2:403 / -`. */
  readonly rule: number | string;
  readonly kind: DifferenceKind;
  readonly reason: string | null;
  /** Ids of all records in which it was found. */
  readonly records: readonly string[];
}

export interface Agreement {
  readonly records: number;
  readonly equal: number;
  /** Records in which all differences have a known reason. */
  readonly explained: number;
  /** Records with a difference of which none is known; above 0 the ratio is void. */
  readonly unexplained: number;
  readonly differences: readonly Difference[];
}

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

function contentType({ headers }: ExchangeRecord): string {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

function fits(known: KnownDifference, { rule, kind }: Found, record: ExchangeRecord): boolean {
  const has = (pattern: string | undefined, text: string): boolean =>
    pattern === undefined || new RegExp(pattern, 'i').test(text);
  return (
    (known.rules === undefined || known.rules.some((id) => id === rule)) &&
    (known.kind === undefined || known.kind === kind) &&
    has(known.uri, record.uri) &&
    has(known.contentType, contentType(record)) &&
    (known.header === undefined ||
      record.headers.some(([name, value]) => has(known.header, `${name}: ${value}`))) &&
    has(known.body, record.body ?? '')
  );
}

/** The reason of each difference found in one record; null where none is known. */
function reasonsFor(
  found: readonly Found[],
  record: ExchangeRecord,
  known: readonly KnownDifference[],
): readonly (string | null)[] {
  const own = known.filter(({ follows }) => follows !== true);
  const following = known.filter(({ follows }) => follows === true);
  const reasons = found.map((one) => own.find((entry) => fits(entry, one, record))?.reason);
  const isExplained = reasons.some((reason) => reason !== undefined);
  return found.map((one, at) => {
    const reason = reasons[at];
    if (reason !== undefined || !isExplained) return reason ?? null;
    return following.find((entry) => fits(entry, one, record))?.reason ?? null;
  });
}

/** All lists are in the order of the file. */
export function compareVerdicts(
  items: readonly BenchItem[],
  own: readonly RecordVerdict[],
  peer: readonly RecordVerdict[],
  known: readonly KnownDifference[],
): Agreement {
  const differences = new Map<string, Difference & { readonly records: string[] }>();
  let equal = 0;
  let explained = 0;
  for (const [index, { id, record }] of items.entries()) {
    const found = differencesOf(own[index] as RecordVerdict, peer[index] as RecordVerdict);
    const reasons = reasonsFor(found, record, known);
    if (found.length === 0) equal++;
    else if (!reasons.includes(null)) explained++;
    for (const [at, { rule, kind }] of found.entries()) {
      const reason = reasons[at] ?? null;
      const key = `${rule} ${kind} ${reason}`;
      const before = differences.get(key);
      if (before === undefined) differences.set(key, { rule, kind, reason, records: [id] });
      else before.records.push(id);
    }
  }
  return {
    records: items.length,
    equal,
    explained,
    unexplained: items.length - equal - explained,
    differences: [...differences.values()].sort((a, b) => b.records.length - a.records.length),
  };
}
