// What runs of closed rules came to, for transactions that come to the same place with the same values.
//
// Closed rules (program/closed-rules.ts) see TX alone and change nothing but TX and the list of matches. Where
// they begin with the values of TX that an earlier transaction began with, they do what they did for it, so that
// is done again without running them. A run is kept when it has been seen once; it holds what rules wrote to TX
// and short values of it, nothing else of a request, and there are few of them for each place.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import type { Phase } from '../model/phase.ts';
import type { RuleMatch } from '../model/verdict.ts';
import type { Instruction } from '../program/program.ts';
import { type NotedMatch, SECACTION_NAME } from './match-source.ts';
import type { SharedValues } from './shared-values.ts';
import type { TransactionState } from './state.ts';

/** Runs kept for one place, and tries to find one worth keeping. */
const MOST_KEPT = 8;
const MOST_RECORDED = 256;
/** Longer values come from requests and hardly recur. */
const LONGEST_READ = 64;
const MOST_WRITTEN = 16_384;

export interface Replay {
  /** By index, all that were looked at. */
  readonly rules: readonly number[];
  /** All of TX, where all of it was shared; and what that became. */
  readonly before: SharedValues | undefined;
  readonly after: SharedValues | undefined;
  readonly reads: readonly (readonly [key: string, value: string | undefined])[];
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

interface Place {
  readonly kept: Replay[];
  recorded: number;
}

/** A run that is under way. */
export interface Recording {
  readonly place: Place;
  readonly before: SharedValues | undefined;
  readonly values: SharedValues;
  readonly instructions: Instruction[];
  readonly last: NotedMatch | undefined;
  readonly matchCount: number;
  readonly errorCount: number;
}

/** For one program. */
export class Replays {
  readonly #phases = new Map<Phase, (Place | undefined)[]>();
  #replayed = 0;

  /** Runs that were repeated. */
  get replayed(): number {
    return this.#replayed;
  }

  /** The run that begins there with these values, or undefined. */
  find(phase: Phase, pc: number, state: TransactionState): Replay | undefined {
    const kept = this.#phases.get(phase)?.[pc]?.kept;
    if (kept === undefined) return undefined;
    for (let at = 0; at < kept.length; at++) {
      const replay = kept[at] as Replay;
      if (!fits(replay, state)) continue;
      if (at > 0) {
        kept.splice(at, 1);
        kept.unshift(replay);
      }
      this.#replayed++;
      return replay;
    }
    return undefined;
  }

  /** Undefined where runs differ too much for one to be worth keeping. */
  begin(phase: Phase, pc: number, state: TransactionState): Recording | undefined {
    const places = this.#placesOf(phase);
    const place = places[pc] ?? { kept: [], recorded: 0 };
    places[pc] = place;
    if (place.recorded >= MOST_RECORDED) return undefined;
    place.recorded++;
    const { tx, matched, matches, errors } = state;
    return {
      place,
      before: tx.shared,
      values: tx.share(),
      instructions: [],
      last: matched.last,
      matchCount: matches.length,
      errorCount: errors.length,
    };
  }

  #placesOf(phase: Phase): (Place | undefined)[] {
    const known = this.#phases.get(phase);
    if (known !== undefined) return known;
    const places: (Place | undefined)[] = [];
    this.#phases.set(phase, places);
    return places;
  }
}

function fits({ rules, before, reads }: Replay, { tx, removals }: TransactionState): boolean {
  if (removals.concernAny(rules)) return false;
  if (before !== undefined && tx.shared === before) return true;
  for (let at = 0; at < reads.length; at++) {
    const [key, value] = reads[at] as (typeof reads)[number];
    if (tx.find(key)?.value !== value) return false;
  }
  return true;
}

/** Keeps the run, which has come to `exit`, if it can be repeated. */
export function keepRecording(
  recording: Recording,
  state: TransactionState,
  exit: number,
  resumeAt: number,
): void {
  const { place, before, values, instructions, matchCount, errorCount } = recording;
  const { tx, matched, clientAddress, removals } = state;
  const rules = instructions.map(({ rule }) => rule.index);
  if (state.errors.length > errorCount || removals.concernAny(rules)) return;
  const keys = new Set(instructions.flatMap(({ closed }) => closed?.reads ?? []));
  const reads = [...keys].map((key) => [key, values.find(key)?.value] as const);
  if (reads.some(([, value = '']) => value.length > LONGEST_READ)) return;
  const after = tx.share();
  const writes = after.entries.filter((pair) => values.find(asciiLower(pair.key)) !== pair);
  if (writes.reduce((sum, { value }) => sum + value.length, 0) > MOST_WRITTEN) return;
  // What transactions have in common.
  const matches = state.matches.slice(matchCount).map((match) => Object.freeze(match));
  const trails = state.trails.slice(matchCount);
  const last = matched.last === recording.last ? undefined : matched.last;
  const ofClient = trails.map((trail) => trail.some(showsClient));
  const isOfClient =
    ofClient.includes(true) ||
    matched.all.some(showsClient) ||
    (last !== undefined && showsClient(last));
  place.kept.unshift({
    rules,
    before,
    after: before && after,
    reads,
    writes,
    matches,
    trails,
    ofClient,
    clientAddress: isOfClient ? clientAddress : undefined,
    last,
    all: matched.all,
    severity: Math.min(...matches.map(({ rule }) => rule.severity ?? Number.POSITIVE_INFINITY)),
    exit,
    resumeAt,
  });
  if (place.kept.length > MOST_KEPT) place.kept.pop();
  if (before !== undefined) tx.adopt(after);
}

/** Does to the transaction what the run did. */
export function repeat(replay: Replay, state: TransactionState): void {
  const { before, after, writes, matches, trails, last, all, severity, clientAddress } = replay;
  const { tx, matched } = state;
  if (after !== undefined && tx.shared === before) tx.adopt(after);
  else for (const { key, value } of writes) tx.set(key, value);
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
    state.matches.push({ ...match, value: clientAddress });
    state.trails.push(trail.length === 1 ? alone : trail.map(own));
  }
  matched.all = all.map(own);
  if (last !== undefined) matched.last = own(last);
}

/** SecAction shows the client's address for its match, and has no source. */
const showsClient = ({ source }: NotedMatch): boolean => source === undefined;
