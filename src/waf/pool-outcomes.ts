// Outcomes on their way between threads.
//
// Most matches of a rule set are bookkeeping and the same for every exchange (CRS: sixty of them). Copying
// them costs as much as judging, so both sides keep the last match of each rule, and what has not changed
// goes as a number. The promise: what comes out equals what went in.

import type { Decision, DecisionRow } from '../model/decision.ts';
import type { Interruption } from '../model/interruption.ts';
import type { PolicyEvent } from '../model/policy-event.ts';
import type { ExchangeOutcome } from '../model/transaction.ts';
import type { EngineErrorRecord, RuleMatch, Verdict } from '../model/verdict.ts';

/** To be kept under `slot`; undefined: not to be kept. */
interface Fresh<T> {
  readonly slot: number | undefined;
  readonly value: T;
}

/** A number: what is kept there. */
type Packed<T> = number | Fresh<T>;

export interface PackedOutcome {
  readonly id: string;
  readonly interruption: Interruption | null;
  readonly matches: readonly Packed<RuleMatch>[];
  readonly inbound: number;
  readonly outbound: number;
  readonly errors: readonly EngineErrorRecord[];
  readonly decision: Packed<Decision>;
  readonly events: readonly PolicyEvent[];
}

/** Bounds what both sides keep: longer ones come from requests and seldom again. */
const MAX_KEPT_CHARS = 512;

interface Kept<T> {
  readonly slot: number;
  value: T;
}

export class OutcomePacker {
  readonly #matches = new Map<number, Kept<RuleMatch>>();
  readonly #decisions = new Map<DecisionRow, Kept<Decision>>();

  pack({ verdict, decision, events }: ExchangeOutcome): PackedOutcome {
    const { id, interruption, matches, scores, errors } = verdict;
    return {
      id,
      interruption,
      matches: matches.map((match) => this.#packMatch(match)),
      inbound: scores.inbound,
      outbound: scores.outbound,
      errors,
      decision: this.#packDecision(decision),
      events,
    };
  }

  #packMatch(match: RuleMatch): Packed<RuleMatch> {
    const kept = this.#matches.get(match.rule.id);
    if (kept !== undefined && isSameMatch(kept.value, match)) return kept.slot;
    if (lengthOf(match) > MAX_KEPT_CHARS) return { slot: undefined, value: match };
    return { slot: keep(this.#matches, match.rule.id, kept, match), value: match };
  }

  #packDecision(decision: Decision): Packed<Decision> {
    const { effect, row, status, interruption, rule, inject, trace } = decision;
    const value: Decision = { effect, row, status, interruption, rule, inject, trace };
    if (interruption !== null || inject !== undefined) return { slot: undefined, value };
    const kept = this.#decisions.get(row);
    if (kept !== undefined && isSameDecision(kept.value, value)) return kept.slot;
    return { slot: keep(this.#decisions, row, kept, value), value };
  }
}

function keep<K, T>(all: Map<K, Kept<T>>, key: K, kept: Kept<T> | undefined, value: T): number {
  if (kept !== undefined) {
    kept.value = value;
    return kept.slot;
  }
  const slot = all.size;
  all.set(key, { slot, value });
  return slot;
}

const lengthOf = ({ message, data, tags, variable, value, evidence, test }: RuleMatch): number =>
  message.length +
  data.length +
  variable.length +
  value.length +
  evidence.length +
  (test?.argument.length ?? 0) +
  tags.reduce((sum, tag) => sum + tag.length, 0);

function isSameMatch(a: RuleMatch, b: RuleMatch): boolean {
  return (
    a.rule === b.rule &&
    a.value === b.value &&
    a.variable === b.variable &&
    a.evidence === b.evidence &&
    a.message === b.message &&
    a.data === b.data &&
    a.phase === b.phase &&
    a.logged === b.logged &&
    a.audited === b.audited &&
    a.disruptive === b.disruptive &&
    a.test?.operator === b.test?.operator &&
    a.test?.argument === b.test?.argument &&
    a.test?.negated === b.test?.negated &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, at) => tag === b.tags[at])
  );
}

function isSameDecision(a: Decision, b: Decision): boolean {
  return (
    a.effect === b.effect &&
    a.status === b.status &&
    a.rule === b.rule &&
    a.trace.length === b.trace.length &&
    a.trace.every((row, at) => {
      const other = b.trace[at];
      return row.row === other?.row && row.applies === other.applies && row.reason === other.reason;
    })
  );
}

/** The other side of one packer; outcomes have to come in the order in which they were packed. */
export class OutcomeUnpacker {
  readonly #matches: RuleMatch[] = [];
  readonly #decisions: Decision[] = [];

  unpack(packed: PackedOutcome): ExchangeOutcome {
    const { id, interruption, inbound, outbound, errors, events } = packed;
    const matches = packed.matches.map((match) => unpack(this.#matches, match));
    const verdict: Verdict = {
      id,
      interruption,
      matches,
      scores: { inbound, outbound },
      errors,
    };
    return { verdict, decision: unpack(this.#decisions, packed.decision), events };
  }
}

function unpack<T extends object>(kept: T[], packed: Packed<T>): T {
  if (typeof packed === 'number') {
    const value = kept[packed];
    if (value === undefined) throw new TypeError('an outcome refers to what was never sent');
    return value;
  }
  // It may be part of many outcomes.
  if (packed.slot !== undefined) kept[packed.slot] = Object.freeze(packed.value);
  return packed.value;
}
