// Repeats runs of closed rules for one transaction, and records those that nobody has run before (replays.ts).
//
// A recording goes from a closed rule to the next that is not, or is of another kind. It is kept only if nothing was
// done that it does not tell: no rule failed, none matched of which only a miss may be repeated, and no captures were
// stored where others would not have seen the same ones.

import { asciiLower } from '../base/ascii.ts';
import type { ClosedUse } from '../program/closed-rules.ts';
import type { Fact } from '../program/facts.ts';
import type { Instruction } from '../program/program.ts';
import type { NotedMatch } from './match-source.ts';
import {
  type FactValue,
  type KeptRuns,
  keep,
  type Replay,
  type Replays,
  repeat,
  runOf,
  showsClient,
  type TxReads,
} from './replays.ts';
import type { Outcome, SharedValues } from './shared-values.ts';
import type { TransactionState } from './state.ts';

/** Longer values come from requests and hardly recur. */
const LONGEST_READ = 64;
const MOST_WRITTEN = 16_384;

interface Recording {
  readonly kept: KeptRuns;
  readonly before: SharedValues | undefined;
  readonly values: SharedValues;
  readonly repeats: ClosedUse['repeats'];
  readonly instructions: Instruction[];
  readonly facts: FactValue[];
  readonly last: NotedMatch | undefined;
  readonly matchCount: number;
  readonly errorCount: number;
  /** Set when something was done that is not to be repeated. */
  isBroken: boolean;
}

export class Recorder {
  readonly #replays: Replays;
  readonly #state: TransactionState;
  #recording: Recording | undefined = undefined;
  /** Of the closed rule before. */
  #kind: ClosedUse['repeats'] | undefined = undefined;
  /** Set for the rest of a run that is neither known nor worth keeping. */
  #isUnrepeated = false;
  /** What the last run made of all values, and where the next instruction stands, if nothing else was done since. */
  #outcome: Outcome | undefined = undefined;
  #nextPc = -1;

  constructor(replays: Replays, state: TransactionState) {
    this.#replays = replays;
    this.#state = state;
  }

  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /**
   * To be called where a closed rule is about to run. The run that was repeated instead, or undefined: then the rule
   * has to be run, and may be recorded.
   */
  enter(instruction: Instruction, pc: number, resumeAt: number): Replay | undefined {
    const kind = instruction.closed?.repeats;
    const before = this.#nextPc === pc ? this.#outcome : undefined;
    this.#outcome = undefined;
    // Runs of some kinds can be repeated less often than those of others.
    if (kind !== this.#kind) this.end(pc, resumeAt);
    this.#kind = kind;
    if (this.#recording === undefined && !this.#isUnrepeated && kind !== undefined) {
      const state = this.#state;
      if (kind === 'misses-of-all' && state.tx.shared === undefined) return undefined;
      const known = this.#replays.known(state.phase, pc, state);
      if (known !== undefined) return this.#repeatKnown(known, pc, before);
      const replay = this.#replays.find(state.phase, pc, state);
      if (replay !== undefined) {
        repeat(replay, state);
        return replay;
      }
      const kept = this.#replays.keptAt(state.phase, pc, instruction, state);
      this.#isUnrepeated = kept === undefined;
      this.#recording = kept && begin(kept, kind, state);
    }
    this.#recording?.instructions.push(instruction);
    this.noteFacts(instruction.links[0]?.facts);
    return undefined;
  }

  #repeatKnown(outcome: Outcome, pc: number, before: Outcome | undefined): Replay {
    const state = this.#state;
    const replay = runOf(outcome);
    // Other values lie over those that are shared.
    if (state.tx.shared === undefined) {
      repeat(replay, state);
      return replay;
    }
    if (before !== undefined && !state.removals.mayConcernClosed) before.next ??= { pc, outcome };
    repeat(replay, state, outcome);
    this.#outcome = outcome;
    return replay;
  }

  /**
   * To be called behind a run that was repeated, with the place of the next instruction. The run that was repeated from
   * there, because these values led to it before, or undefined.
   */
  next(pc: number): Replay | undefined {
    const next = this.#outcome?.next;
    this.#nextPc = pc;
    if (next?.pc !== pc || this.#state.removals.mayConcernClosed) return undefined;
    this.#outcome = next.outcome;
    const replay = runOf(next.outcome);
    this.#replays.countFollowed();
    repeat(replay, this.#state, next.outcome);
    return replay;
  }

  /** To be called where a rule is about to run that is not closed; `pc` is its place. */
  end(pc: number, resumeAt: number): void {
    this.#isUnrepeated = false;
    this.#outcome = undefined;
    if (this.#recording === undefined) return;
    keepRecording(this.#recording, this.#state, pc, resumeAt);
    this.#recording = undefined;
  }

  /** Others meet a rule that was removed. */
  drop(): void {
    this.#recording = undefined;
  }

  /** To be called before a chained link is tested with what it looks at. */
  noteFacts(facts: readonly Fact[] | undefined): void {
    if (this.#recording === undefined || facts === undefined) return;
    for (const fact of facts) {
      const value = fact.read(this.#state);
      if (value === undefined) this.#recording.isBroken = true;
      else this.#recording.facts.push({ fact, value });
    }
  }

  /** What follows from all of TX is told by all of TX, and not from others that look at captures. */
  noteCaptures(): void {
    if (this.#recording === undefined || this.#recording.repeats === 'misses-of-all') return;
    this.#recording.isBroken = true;
  }

  noteMatch({ closed }: Instruction): void {
    if (this.#recording === undefined || closed?.repeats === 'matches') return;
    this.#recording.isBroken = true;
  }
}

function begin(kept: KeptRuns, repeats: ClosedUse['repeats'], state: TransactionState): Recording {
  const { tx, matched, matches, errors } = state;
  return {
    kept,
    before: tx.shared,
    values: tx.share(),
    repeats,
    instructions: [],
    facts: [],
    last: matched.last,
    matchCount: matches.length,
    errorCount: errors.length,
    isBroken: false,
  };
}

/** Keeps the run, which has come to `exit`, if it can be repeated. */
function keepRecording(
  recording: Recording,
  state: TransactionState,
  exit: number,
  resumeAt: number,
): void {
  const { kept, before, values, repeats, instructions, matchCount, errorCount } = recording;
  const { tx, matched, clientAddress, removals } = state;
  const rules = instructions.map(({ rule }) => rule.index);
  if (recording.isBroken || state.errors.length > errorCount) return;
  if (removals.concernAny(rules)) return;
  const readsAll = repeats === 'misses-of-all';
  const reads = readsAll ? undefined : readsOf(instructions, values);
  if (reads?.pairs.some((pair) => pair !== undefined && pair.value.length > LONGEST_READ)) return;
  const after = tx.share();
  const written = [...after.copy().values()].filter(
    (pair) => values.find(asciiLower(pair.key)) !== pair,
  );
  if (written.reduce((sum, { value }) => sum + value.length, 0) > MOST_WRITTEN) return;
  // What transactions have in common.
  const matches = state.matches.slice(matchCount).map((match) => Object.freeze(match));
  const trails = state.trails.slice(matchCount);
  const last = matched.last === recording.last ? undefined : matched.last;
  const ofClient = trails.map((trail) => trail.some(showsClient));
  const isOfClient =
    ofClient.includes(true) ||
    matched.all.some(showsClient) ||
    (last !== undefined && showsClient(last));
  keep(kept, {
    place: kept.place,
    rules,
    before,
    after: before && after,
    reads,
    facts: laterFacts(recording),
    writes: readsAll ? [] : written,
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
  if (before !== undefined) tx.adopt(after);
}

function readsOf(instructions: readonly Instruction[], values: SharedValues): TxReads {
  const keys = [...new Set(instructions.flatMap(({ closed }) => closed?.reads ?? []))];
  return { keys, pairs: keys.map((key) => values.find(key)) };
}

/** Each once; the first is the one that leads to the run, where its place has one. */
function laterFacts({ facts, instructions }: Recording): readonly FactValue[] {
  const first = instructions[0]?.links[0]?.facts[0];
  const seen = new Set<Fact | undefined>([first]);
  return facts.filter(({ fact }) => {
    if (seen.has(fact)) return false;
    seen.add(fact);
    return true;
  });
}
