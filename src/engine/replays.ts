// What runs of closed rules came to, for transactions that come to the same place with the same values.
//
// Closed rules (program/closed-rules.ts) see TX and a few facts, and change nothing but TX and the list of matches.
// Where they begin with the values of TX and the facts that an earlier transaction began with, they do what they did
// for it, so that is done again without running them. A run is kept when it has been seen once; it holds what rules
// wrote to TX and short values of it and of facts, nothing else of a request, and there are few of them for each
// place.

import { fromByteString, toByteString } from '../base/bytes.ts';
import type { Pair } from '../model/pair.ts';
import type { Phase } from '../model/phase.ts';
import type { RuleMatch } from '../model/verdict.ts';
import type { Fact } from '../program/facts.ts';
import type { Instruction } from '../program/program.ts';
import type { KeyedValues } from './collections.ts';
import { type NotedMatch, SECACTION_NAME } from './match-source.ts';
import type { Outcome, SharedValues } from './shared-values.ts';
import type { TransactionState } from './state.ts';

/** Runs kept for one place and one value of what its first rule looks at first, and values there. */
const MOST_KEPT = 24;
const MOST_VALUES = 256;
/** Of what is kept in all: a note takes some 60 bytes, values some 2 KB. Beyond that everything is learned anew. */
const MOST_UNITS = 1 << 16;
const UNITS_OF_VALUES = 32;
/** Tries to find one worth keeping; beyond them one for so many runs that were looked for. */
const MOST_RECORDED = 256;
const LOOKS_FOR_ANOTHER = 64;
export interface FactValue {
  readonly fact: Fact;
  readonly value: string;
}

export interface TxReads {
  /** In lower case. */
  readonly keys: readonly string[];
  /** With their names as they are shown. */
  readonly pairs: readonly (Pair | undefined)[];
}

export interface Replay {
  readonly place: Place;
  /** By index, all that were looked at. */
  readonly rules: readonly number[];
  /** All of TX, where all of it was shared; and what that became. */
  readonly before: SharedValues | undefined;
  readonly after: SharedValues | undefined;
  /** What else of TX is enough to know; undefined where all of it may matter. */
  readonly reads: TxReads | undefined;
  /** In the order in which they were looked at, without that by which the run was found. */
  readonly facts: readonly FactValue[];
  /** In the order of their first writing. */
  readonly writes: readonly Pair[];
  readonly matches: readonly RuleMatch[];
  readonly trails: readonly (readonly NotedMatch[])[];
  /** By match: whether it shows the client's address. */
  readonly ofClient: readonly boolean[];
  /** Set where matches show it. */
  readonly clientAddress: string | undefined;
  /** Undefined: no rule had a match. */
  readonly last: NotedMatch | undefined;
  readonly all: NotedMatch[];
  readonly severity: number;
  readonly exit: number;
  readonly resumeAt: number;
}

/** What begins at a place with one value of what is looked at first. */
export interface KeptRuns {
  readonly place: Place;
  readonly runs: Replay[];
}

export interface Place {
  readonly owner: Replays;
  /** What its first rule looks at first beside TX. */
  readonly fact: Fact | undefined;
  /** By value of the fact; under '' without one. */
  readonly kept: Map<string, Replay[]>;
  looks: number;
  recorded: number;
}

/** For one program. */
export class Replays {
  /** By phase and place in it. */
  readonly #places: (Place | undefined)[][] = [];
  #replayed = 0;
  #followed = 0;
  #units = 0;

  /** Runs that were repeated. */
  get replayed(): number {
    return this.#replayed;
  }

  /** Of them, those that came next to another and were not looked for. */
  get followed(): number {
    return this.#followed;
  }

  /** What the run that begins there made of these very values before, where nothing else decides. */
  known(phase: Phase, pc: number, { tx, removals }: TransactionState): Outcome | undefined {
    const place = this.#places[phase]?.[pc];
    const outcome = place && tx.base.outcomeOf(place);
    if (outcome === undefined) return undefined;
    const run = runOf(outcome);
    if (!sees(run, tx) || removals.concernAny(run.rules)) return undefined;
    this.#replayed++;
    return outcome;
  }

  countFollowed(): void {
    this.#replayed++;
    this.#followed++;
  }

  /** The run that begins there with these values and is not `known`, or undefined. */
  find(phase: Phase, pc: number, state: TransactionState): Replay | undefined {
    const place = this.#places[phase]?.[pc];
    if (place === undefined) return undefined;
    place.looks++;
    const replay = this.#search(place, state);
    if (replay !== undefined) this.#replayed++;
    return replay;
  }

  #search(place: Place, state: TransactionState): Replay | undefined {
    const value = valueAt(place, state);
    const kept = value === undefined ? undefined : place.kept.get(value);
    if (kept === undefined) return undefined;
    for (let at = 0; at < kept.length; at++) {
      const replay = kept[at] as Replay;
      if (!fits(replay, state)) continue;
      if (at > 0) {
        kept.splice(at, 1);
        kept.unshift(replay);
      }
      return replay;
    }
    return undefined;
  }

  /** Where runs that begin there are kept; undefined where they differ too much for one to be worth keeping. */
  keptAt(
    phase: Phase,
    pc: number,
    { links }: Instruction,
    state: TransactionState,
  ): KeptRuns | undefined {
    this.#places[phase] ??= [];
    const places = this.#places[phase];
    let place = places[pc];
    if (place === undefined) {
      const fact = links[0]?.facts[0];
      place = { owner: this, fact, kept: new Map(), looks: 0, recorded: 0 };
      places[pc] = place;
    }
    if (place.recorded >= MOST_RECORDED + place.looks / LOOKS_FOR_ANOTHER) return undefined;
    const value = valueAt(place, state);
    if (value === undefined) return undefined;
    place.recorded++;
    return { place, runs: runsFor(place, value) };
  }

  /** To be called for all that is kept; whoever sends ever new names would fill the memory otherwise. */
  count(hasValues: boolean): void {
    this.#units += hasValues ? UNITS_OF_VALUES : 1;
    if (this.#units <= MOST_UNITS) return;
    this.#units = 0;
    this.#places.length = 0;
  }
}

const valueAt = ({ fact }: Place, state: TransactionState): string | undefined =>
  fact === undefined ? '' : fact.read(state);

export const runOf = ({ run }: Outcome): Replay => run as Replay;

/** Whether the run sees what is shared, and nothing else. */
function sees({ reads }: Replay, tx: KeyedValues): boolean {
  return reads === undefined ? tx.shared !== undefined : !tx.ownsAny(reads.keys);
}

function runsFor({ kept }: Place, value: string): Replay[] {
  const known = kept.get(value);
  if (known !== undefined) return known;
  if (kept.size >= MOST_VALUES) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  const runs: Replay[] = [];
  // A copy: a part of a request's head would keep all of it in memory.
  kept.set(toByteString(fromByteString(value)), runs);
  return runs;
}

function hasRead(reads: Replay['reads'], tx: KeyedValues): boolean {
  if (reads === undefined) return false;
  const { keys, pairs } = reads;
  for (let at = 0; at < keys.length; at++) {
    const pair = tx.find(keys[at] as string);
    const before = pairs[at];
    if (pair?.value !== before?.value || pair?.key !== before?.key) return false;
  }
  return true;
}

function fits(replay: Replay, state: TransactionState): boolean {
  const { rules, before, reads, facts } = replay;
  const { tx, removals } = state;
  if (removals.concernAny(rules)) return false;
  const isBase = tx.base === before || tx.base.outcomeOf(replay) !== undefined;
  if (!(isBase && sees(replay, tx)) && !hasRead(reads, tx)) return false;
  for (let at = 0; at < facts.length; at++) {
    const { fact, value } = facts[at] as FactValue;
    if (fact.read(state) !== value) return false;
  }
  return true;
}

/** Keeps a run for others that begin where it began. */
export function keep({ place, runs }: KeptRuns, run: Replay): void {
  place.owner.count(run.after !== run.before);
  runs.unshift(run);
  if (runs.length > MOST_KEPT) runs.pop();
}

/** Does to the transaction what the run did; `outcome` is that of all its values, where that is known. */
export function repeat(replay: Replay, state: TransactionState, outcome?: Outcome): void {
  const { matches, trails, last, all, severity, clientAddress } = replay;
  const { tx, matched } = state;
  if (outcome === undefined) write(replay, tx);
  else if (outcome.values !== tx.base) tx.adopt(outcome.values);
  if (clientAddress === undefined || clientAddress === state.clientAddress) {
    for (let at = 0; at < matches.length; at++) {
      state.matches.push(matches[at] as RuleMatch);
      state.trails.push(trails[at] as readonly NotedMatch[]);
    }
    matched.all = all;
    if (last !== undefined) matched.last = last;
  } else repeatForClient(replay, state);
  if (severity < state.highestSeverity) state.highestSeverity = severity;
}

function write(replay: Replay, tx: KeyedValues): void {
  const { place, before, after, facts, writes } = replay;
  const { base, shared } = tx;
  // Where facts decide as well, the place may have other runs with the same values.
  const key = place.fact === undefined && facts.length === 0 ? place : replay;
  const noted = base.outcomeOf(key);
  if (shared === undefined) {
    if (noted === undefined && sees(replay, tx)) note(base, key, replay, base.with(writes));
    for (const { key, value } of writes) tx.set(key, value);
    return;
  }
  if (noted?.run === replay) {
    if (noted.values !== shared) tx.adopt(noted.values);
    return;
  }
  const values = shared === before && after !== undefined ? after : shared.with(writes);
  note(shared, key, replay, values);
  if (values !== shared) tx.adopt(values);
}

/** Field by field: a spread is a call that V8 does not look into. */
function withValue(match: RuleMatch, value: string): RuleMatch {
  const { rule, phase, message, data, tags, variable } = match;
  const { evidence, test, logged, audited, disruptive } = match;
  return {
    rule,
    phase,
    message,
    data,
    tags,
    variable,
    value,
    evidence,
    test,
    logged,
    audited,
    disruptive,
  };
}

function note(base: SharedValues, key: object, run: Replay, values: SharedValues): void {
  if (base.noteOutcome(key, { run, values, next: undefined }))
    run.place.owner.count(values !== base);
}

function repeatForClient(
  { matches, trails, ofClient, last, all }: Replay,
  state: TransactionState,
): void {
  const { matched, clientAddress } = state;
  // All that SecAction notes is the same, so it is noted once.
  const noted: NotedMatch = { name: SECACTION_NAME, value: clientAddress };
  const alone: readonly NotedMatch[] = [noted];
  const own = (other: NotedMatch): NotedMatch => (showsClient(other) ? noted : other);
  for (let at = 0; at < matches.length; at++) {
    const match = matches[at] as RuleMatch;
    const trail = trails[at] as readonly NotedMatch[];
    if (ofClient[at] === false) {
      state.matches.push(match);
      state.trails.push(trail);
      continue;
    }
    state.matches.push(withValue(match, clientAddress));
    state.trails.push(trail.length === 1 ? alone : trail.map(own));
  }
  matched.all = all.map(own);
  if (last !== undefined) matched.last = own(last);
}

/** SecAction shows the client's address for its match, and has no source. */
export const showsClient = ({ source }: NotedMatch): boolean => source === undefined;
