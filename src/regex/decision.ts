// A lazy automaton that decides whether a regular pattern matches anywhere in a subject.
//
// States are sets of program counters, built when first needed. One pass over the subject, one table
// look-up per byte, whatever the pattern: time is linear, and there is nothing to backtrack. Memory is
// bounded too; a pattern that wants more states than fit forgets them all and goes on from the one it
// is in.

import type { Alphabet } from './alphabet.ts';
import { EDGE } from './alphabet.ts';
import { sortedText } from './instruction-text.ts';
import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SPLIT, TEST } from './program.ts';

/** Table entries at or below 0; states are multiples of the row length, from 1 row up. */
const UNKNOWN = 0;
const MATCHED = -1;
const DEAD = -2;

/** After so many skips it is known whether they are worth it: when one falls on so many bytes. */
const SKIPS_TRIED = 8;
const BYTES_WORTH_A_SKIP = 12;

export interface AutomatonLimits {
  readonly states: number;
  /** Of the transition table and of the keys of the states, roughly. */
  readonly bytes: number;
}

/** What is known of the leftmost match: it starts at or after `low`, and none ends in front of `end`. */
export interface MatchRange {
  readonly low: number;
  readonly end: number;
}

export const DEFAULT_LIMITS: AutomatonLimits = { states: 4_000, bytes: 1 << 21 };

export class DecisionAutomaton {
  /** Counters for reports and tests. */
  flushes = 0;
  built = 0;

  private readonly program: Program;
  private readonly limits: AutomatonLimits;
  private readonly row: number;
  /** True when a match can start only where the subject does. */
  private readonly anchored: boolean;
  private table: Int32Array;
  /** Of each state: a char for its context, then its program counters in order. */
  private keys: string[] = [];
  private stateOf = new Map<string, number>();
  private keyBytes = 0;

  /** What assertions may know about the symbol before a position; the first is the start's. */
  private readonly contexts: number[] = [];
  private readonly contextOf: Uint8Array;

  // A state in which no match is under way is idle: there is one for each context. They come first in
  // the table, so that one comparison finds out that something other than a plain step is due.
  private idleLimit = 0;
  private readonly idleAfter: Int32Array;
  /** 1 for each byte known to lead from any idle state to an idle one. */
  private readonly idles: Uint8Array = new Uint8Array(256);
  private startState = 0;

  private readonly mark: Uint32Array;
  private generation = 0;
  private readonly stack: number[] = [];
  private readonly targets: Uint16Array;

  constructor(program: Program, limits: AutomatonLimits = DEFAULT_LIMITS) {
    this.program = program;
    this.limits = limits;
    this.row = program.alphabet.size;
    this.mark = new Uint32Array(program.size);
    // Those of its own threads, and of one that starts here.
    this.targets = new Uint16Array(program.size * 2);
    this.anchored = isAnchored(program);
    const { alphabet, asksBefore } = program;
    this.contexts.push(EDGE & asksBefore);
    this.contextOf = new Uint8Array(alphabet.size);
    for (let symbol = 0; symbol < alphabet.end; symbol++) {
      const context = alphabet.bitsOf[symbol]! & asksBefore;
      let index = this.contexts.indexOf(context);
      if (index < 0) index = this.contexts.push(context) - 1;
      this.contextOf[symbol] = index;
    }
    this.idleAfter = new Int32Array(alphabet.size);
    this.table = new Int32Array(0);
    this.reset();
  }

  get alphabet(): Alphabet {
    return this.program.alphabet;
  }

  get stateCount(): number {
    return this.keys.length - 1;
  }

  /** Where the leftmost match at or after `from` must lie; null when there is none. */
  locate(subject: string, from = 0): MatchRange | null {
    if (from > 0 && this.anchored) return null;
    const { idleLimit } = this;
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    const { length } = subject;
    const last =
      lastNewline !== symbolOf[10] && subject.charCodeAt(length - 1) === 10 ? length - 1 : length;
    let { table } = this;
    let state = from === 0 ? this.startState : this.idleAfter[this.symbolAt(subject, from - 1)]!;
    let low = from;
    let at = from;
    for (;;) {
      // Whatever began before an idle state has come to nothing.
      if (state <= idleLimit) low = at;
      let next = UNKNOWN;
      while (at < last) {
        next = table[state + symbolOf[subject.charCodeAt(at) & 255]!]!;
        if (next <= idleLimit) break;
        state = next;
        at++;
      }
      if (next <= UNKNOWN || at >= last) {
        const symbol =
          at < last ? symbolOf[subject.charCodeAt(at) & 255]! : at < length ? lastNewline : end;
        next = this.step(state, symbol);
        table = this.table;
        if (next === DEAD) return null;
        if (next === MATCHED) return { low, end: at };
      }
      state = next;
      at++;
    }
  }

  private symbolAt(subject: string, at: number): number {
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    if (at >= subject.length) return end;
    const byte = subject.charCodeAt(at) & 255;
    return byte === 10 && at === subject.length - 1 ? lastNewline : symbolOf[byte]!;
  }

  /** Whether a match starts at or after `from`. */
  test(subject: string, from = 0): boolean {
    const { idles, idleAfter } = this;
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    const length = subject.length;
    let state = this.startState;
    if (from > 0) {
      if (this.anchored) return false;
      state = idleAfter[symbolOf[subject.charCodeAt(from - 1) & 255]!]!;
    }
    // A final newline is read below, as the symbol of its own that it may be.
    const last =
      lastNewline !== symbolOf[10] && subject.charCodeAt(length - 1) === 10 ? length - 1 : length;
    let table = this.table;
    let at = from;
    // States up to here are idle and worth skipping from. Where words begin at every other byte, skipping
    // costs more than it saves, and is given up.
    let skippable = this.idleLimit;
    let skips = 0;
    while (at < last) {
      if (state <= skippable) {
        const start = at;
        while (at < last && idles[subject.charCodeAt(at) & 255] === 1) at++;
        if (at !== start) state = idleAfter[symbolOf[subject.charCodeAt(at - 1) & 255]!]!;
        if (at === last) break;
        if (++skips === SKIPS_TRIED && at - from < SKIPS_TRIED * BYTES_WORTH_A_SKIP) skippable = 0;
      }
      let next: number;
      for (;;) {
        next = table[state + symbolOf[subject.charCodeAt(at) & 255]!]!;
        if (next <= skippable) break;
        state = next;
        if (++at === last) break;
      }
      if (at === last) break;
      if (next <= UNKNOWN) {
        if (next === UNKNOWN) {
          next = this.step(state, symbolOf[subject.charCodeAt(at) & 255]!);
          table = this.table;
        }
        if (next < UNKNOWN) return next === MATCHED;
      }
      state = next;
      at++;
    }
    if (last < length) {
      state = table[state + lastNewline]! || this.step(state, lastNewline);
      if (state < 0) return state === MATCHED;
      table = this.table;
    }
    return (table[state + end]! || this.step(state, end)) === MATCHED;
  }

  /** Computes, and remembers, where `state` goes on `symbol`. */
  private step(state: number, symbol: number): number {
    const next = this.follow(state, symbol);
    if (state <= this.idleLimit && next > 0 && next <= this.idleLimit) this.learnIdle(symbol);
    return next;
  }

  private follow(state: number, symbol: number): number {
    const known = this.table[state + symbol]!;
    if (known !== UNKNOWN) return known;
    const epoch = this.flushes;
    const next = this.successor(state, symbol);
    // After a flush the number of `state` means another state, or none.
    if (epoch === this.flushes) this.table[state + symbol] = next;
    return next;
  }

  /** Marks the bytes of `symbol` when no idle state leaves idleness on it. */
  private learnIdle(symbol: number): void {
    const { symbolOf, lastNewline } = this.program.alphabet;
    for (let state = this.row; state <= this.idleLimit; state += this.row) {
      const next = this.follow(state, symbol);
      if (next <= 0 || next > this.idleLimit) return;
    }
    if (symbol === lastNewline && symbol !== symbolOf[10]) return;
    for (let byte = 0; byte < 256; byte++) if (symbolOf[byte] === symbol) this.idles[byte] = 1;
  }

  private successor(state: number, symbol: number): number {
    const { program, row } = this;
    const { op, x, y, accepts, tests, alphabet } = program;
    const { targets } = this;
    let count = 0;
    this.built++;
    const key = this.keys[state / row]!;
    const before = this.contexts[key.charCodeAt(0)]!;
    const after = alphabet.bitsOf[symbol]!;

    // A match may begin here as well. What it leads to is the same for all states of this context, so
    // it is taken from the idle one.
    let starts: string | undefined;
    if (!this.anchored && state > this.idleLimit && state !== this.startState) {
      const next = this.follow((key.charCodeAt(0) + 1) * row, symbol);
      if (next === MATCHED) return MATCHED;
      if (next > 0) starts = this.keys[next / row]!;
    }

    const generation = this.nextGeneration();
    const { mark, stack } = this;
    for (let index = 1; index < key.length; index++) stack.push(key.charCodeAt(index));
    const begins = !this.anchored || state === this.startState;
    if (starts === undefined && begins) {
      stack.push(program.start);
    }
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (mark[pc] === generation) continue;
      mark[pc] = generation;
      switch (op[pc]) {
        case BYTE:
          if (accepts[x[pc]! * row + symbol] === 1) targets[count++] = y[pc]!;
          break;
        case SPLIT:
          stack.push(y[pc]!, x[pc]!);
          break;
        case TEST:
          if (holds(tests[x[pc]!]!, before, after)) stack.push(y[pc]!);
          break;
        case MATCH:
          stack.length = 0;
          return MATCHED;
      }
    }
    if (symbol === alphabet.end) return DEAD;
    if (starts !== undefined) {
      for (let index = 1; index < starts.length; index++)
        targets[count++] = starts.charCodeAt(index);
    }
    return this.intern(this.contextOf[symbol]!, count);
  }

  private nextGeneration(): number {
    if (this.generation === 0xffffffff) {
      this.mark.fill(0);
      this.generation = 0;
    }
    return ++this.generation;
  }

  /** The state of the first `count` targets. */
  private intern(context: number, count: number): number {
    if (count === 0) return this.anchored ? DEAD : (context + 1) * this.row;
    const key = String.fromCharCode(context) + sortedText(this.targets, count);
    const known = this.stateOf.get(key);
    if (known !== undefined) return known;
    const full =
      this.keys.length > this.limits.states ||
      this.keyBytes + this.keys.length * this.row * 4 > this.limits.bytes;
    if (full) {
      this.flushes++;
      this.reset();
    }
    return this.add(key);
  }

  private add(key: string): number {
    const { row } = this;
    const state = this.keys.length * row;
    if (state + row > this.table.length) {
      const larger = new Int32Array(Math.max(this.table.length * 2, state + row, row * 4));
      larger.set(this.table);
      this.table = larger;
    }
    this.keys.push(key);
    this.stateOf.set(key, state);
    // A rough figure for the string, its place in the list and in the map.
    this.keyBytes += key.length * 2 + 64;
    return state;
  }

  /** Forgets all states but the idle ones and the start. */
  private reset(): void {
    const { row, contexts } = this;
    this.table = new Int32Array(row * 8);
    this.keys = [''];
    this.stateOf = new Map();
    this.keyBytes = 0;
    contexts.forEach((_, context) => {
      this.add(String.fromCharCode(context));
    });
    this.startState = row;
    // The start is a state like the idle ones only if no assertion can tell it from them.
    this.idleLimit = this.anchored ? 0 : contexts.length * row;
    for (let symbol = 0; symbol < row; symbol++) {
      this.idleAfter[symbol] = (this.contextOf[symbol]! + 1) * row;
    }
  }
}

/** True when every path from the start passes a test that holds only where the subject starts. */
function isAnchored(program: Program): boolean {
  const seen = new Uint8Array(program.size);
  const stack = [program.start];
  while (stack.length > 0) {
    const pc = stack.pop()!;
    if (seen[pc] === 1) continue;
    seen[pc] = 1;
    const op = program.op[pc]!;
    if (op === BYTE || op === MATCH) return false;
    if (op === SPLIT) stack.push(program.x[pc]!);
    if (op === TEST && program.tests[program.x[pc]!]!.kind === 'subject-start') continue;
    stack.push(program.y[pc]!);
  }
  return true;
}
