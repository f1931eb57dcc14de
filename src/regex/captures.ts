// Finds the match PCRE would find, with its captures, in time linear in the subject.
//
// A backtracking engine tries the paths of a pattern in order and takes the first that succeeds. One automaton
// (match-end.ts) tells where the leftmost match ends. Reading the subject backwards from there, another one
// (suffix-automaton.ts) tells of each position from which instructions that end can be reached. The match starts at
// the first position where that holds of the program's start, and walking forward from there, taking at each fork
// the first branch from which the end can be reached, follows just the path that backtracking would have ended up
// with. No step is ever taken back.
//
// States are kept for one block of the subject at a time: a first pass stores the state at the end of each block, and
// the others are worked out again when the walk enters it. So memory does not grow with the subject, but for one
// reference per block.

import type { MatcherResult } from '../model/operator.ts';
import type { DecisionAutomaton } from './decision.ts';
import { resultOfSlots } from './group-spans.ts';
import { MatchEnd } from './match-end.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SAVE, SPLIT } from './program.ts';
import { SuffixAutomaton } from './suffix-automaton.ts';

export interface CaptureLimits {
  /** Of what is known of states, roughly. */
  readonly bytes: number;
  /** Positions whose states are kept at a time. */
  readonly block: number;
}

export const DEFAULT_LIMITS: CaptureLimits = { bytes: 1 << 21, block: 1024 };

/** A part of a subject read backwards. */
interface Reading {
  readonly subject: string;
  readonly low: number;
  readonly high: number;
  /** All matches of the part, or, false, the one that ends at `high`. */
  readonly isWhole: boolean;
  /** Of the first block; blocks are counted from the begin of the subject. */
  readonly first: number;
  /** By block: what finds the state at its last position, and 1 if a match starts in it. */
  readonly ends: string[];
  readonly starts: Uint8Array;
  /** The block whose steps are at hand, and the position of the first of them. */
  block: number;
  base: number;
  readonly steps: Int32Array;
}

/** A subject of which one match after the other is asked for. */
interface Walk {
  readonly subject: string;
  /** Bytes read for it so far. */
  work: number;
  /** The whole subject, once reading parts has cost more than reading it all. */
  whole: Reading | undefined;
}

/** Parts of a subject are read for its matches until this many times its length has been read. */
const PARTS_WORTH = 4;

export class CaptureAutomaton {
  private readonly program: Program;
  private readonly groupCount: number;
  private readonly suffixes: SuffixAutomaton;
  private readonly ends: MatchEnd;
  private readonly block: number;
  /** Kept between calls that walk through one subject; dropped when they have reached its end. */
  private walkUnderWay: Walk | undefined;
  private readonly decision: DecisionAutomaton;

  /** `decision` decides the same pattern over the same alphabet. */
  constructor(
    program: Program,
    decision: DecisionAutomaton,
    groupCount: number,
    limits: CaptureLimits = DEFAULT_LIMITS,
  ) {
    this.program = program;
    this.decision = decision;
    this.groupCount = groupCount;
    this.suffixes = new SuffixAutomaton(program, limits.bytes);
    this.ends = new MatchEnd(program);
    this.block = limits.block;
  }

  /** Counters for reports and tests. */
  get flushes(): number {
    return this.suffixes.flushes + this.ends.flushes;
  }

  get built(): number {
    return this.suffixes.built;
  }

  /**
   * The leftmost match at or after `from`. Walking through all matches of a subject, with `from` above
   * 0, is linear in it as a whole.
   */
  exec(subject: string, from = 0): MatcherResult | null {
    const slots = this.slots(subject, from);
    return slots && resultOfSlots(subject, slots);
  }

  /** Begin and end of each group of the match that `exec` finds; negative where a group took no part. */
  slots(subject: string, from = 0): Int32Array | null {
    const walk = this.walkUnderWay?.subject === subject ? this.walkUnderWay : undefined;
    this.walkUnderWay = undefined;
    const { length } = subject;
    if (walk !== undefined && walk.work > length * PARTS_WORTH) {
      walk.whole ??= this.read(subject, 0, length, true);
      const start = this.firstStart(walk.whole, from);
      if (start < 0) return null;
      this.walkUnderWay = walk;
      return this.follow(walk.whole, start);
    }
    const range = this.decision.locate(subject, from);
    if (range === null) return null;
    const slots = this.slotsFrom(subject, range.low);
    if (from > 0) {
      const work = (walk?.work ?? 0) + this.ends.readTo - from;
      this.walkUnderWay = { subject, work, whole: undefined };
    }
    return slots;
  }

  /** The match that `slots` finds, given that there is one and that none starts in front of `low`. */
  slotsFrom(subject: string, low: number): Int32Array {
    const reading = this.read(subject, low, this.ends.find(subject, low), false);
    const start = this.firstStart(reading, low);
    return this.groupCount === 0 ? Int32Array.of(start, reading.high) : this.follow(reading, start);
  }

  private firstStart(reading: Reading, from: number): number {
    const { starts, steps, first } = reading;
    for (let block = Math.floor(from / this.block); block - first < starts.length; block++) {
      if (starts[block - first] === 0) continue;
      if (block !== reading.block) this.enter(reading, block);
      const { base } = reading;
      const last = Math.min(reading.high, (block + 1) * this.block - 1);
      for (let at = Math.max(from, base); at <= last; at++) {
        if ((steps[at - base]! & 1) === 1) return at;
      }
    }
    return -1;
  }

  private follow(reading: Reading, start: number): Int32Array {
    const { op, x, y } = this.program;
    const { subject, steps } = reading;
    const slots = new Int32Array((this.groupCount + 1) * 2).fill(-1);
    let at = start;
    let pc = this.program.start;
    let reach: Uint32Array | undefined;
    // Invariant: a match can be reached from `pc` at `at`, so one branch of each fork can be taken.
    while (op[pc] !== MATCH) {
      switch (op[pc]) {
        case BYTE:
          at++;
          reach = undefined;
          pc = y[pc]!;
          break;
        case SPLIT: {
          if (reach === undefined) {
            const block = Math.floor(at / this.block);
            if (block !== reading.block) this.enter(reading, block);
            reach = this.suffixes.reachAt(subject, at, steps[at - reading.base]! >> 1);
          }
          const first = x[pc]!;
          pc = ((reach[first >>> 5]! >>> (first & 31)) & 1) === 1 ? first : y[pc]!;
          break;
        }
        case SAVE:
          slots[x[pc]!] = at;
          pc = y[pc]!;
          break;
        default:
          pc = y[pc]!;
      }
    }
    return slots;
  }

  /** The pass over a part. */
  private read(subject: string, low: number, high: number, isWhole: boolean): Reading {
    const { suffixes } = this;
    const first = Math.floor(low / this.block);
    const count = Math.floor(high / this.block) - first + 1;
    const reading: Reading = {
      subject,
      low,
      high,
      isWhole,
      first,
      ends: new Array<string>(count).fill(''),
      starts: new Uint8Array(count),
      block: -1,
      base: 0,
      steps: new Int32Array(Math.min(this.block, high - low + 1)),
    };
    let state = suffixes.lastBefore(this.symbolAt(subject, high));
    for (let at = count - 1; at >= 0 && state !== suffixes.dead; at--) {
      reading.ends[at] = suffixes.keyOf(state);
      suffixes.seen = 0;
      state = this.enter(reading, first + at);
      reading.starts[at] = suffixes.seen & 1;
    }
    return reading;
  }

  /** Makes the steps of a block; returns the state in front of it. */
  private enter(reading: Reading, block: number): number {
    const { suffixes } = this;
    const { subject, low, high, steps } = reading;
    suffixes.makeRoom();
    const base = Math.max(low, block * this.block);
    const last = Math.min(high, (block + 1) * this.block - 1);
    steps.fill(0);
    reading.block = block;
    reading.base = base;
    const state = suffixes.find(reading.ends[block - reading.first]!);
    if (reading.isWhole || last < high) {
      return suffixes.read(subject, state, last, base, steps, base);
    }
    const inFront = suffixes.read(subject, state, high, high, steps, base);
    return suffixes.read(subject, suffixes.closed(inFront), high - 1, base, steps, base);
  }

  private symbolAt(subject: string, at: number): number {
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    if (at >= subject.length) return end;
    const byte = subject.charCodeAt(at) & 255;
    return byte === 10 && at === subject.length - 1 ? lastNewline : symbolOf[byte]!;
  }
}
