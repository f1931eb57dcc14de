// Where the match ends that PCRE would find from a given start, in time linear in the subject.
//
// A lazy automaton whose states are instructions in PCRE's order of preference. When one of them has matched,
// those behind it are dropped: what they would find is worse. Those before it go on, and their match, if one
// comes, is better. Memory is bounded as in decision.ts.

import { EDGE } from './alphabet.ts';
import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SPLIT, TEST } from './program.ts';

const UNKNOWN = 0;
const MOST_STATES = 4_000;
const MOST_BYTES = 1 << 21;

export class MatchEnd {
  private readonly program: Program;
  private readonly row: number;
  /** What tests may know about the symbol before a position. */
  private readonly contexts: number[] = [];
  private readonly contextOf: Uint8Array;
  /** By state and symbol: 1 + the next state times 2, and 1 more when a match ends in front of the symbol. */
  private table: Int32Array = new Int32Array(0);
  /** Of each state: a char for its context, then its instructions. State 0 has none. */
  private keys: string[] = [];
  private stateOf = new Map<string, number>();
  private keyBytes = 0;
  private readonly mark: Uint32Array;
  private generation = 0;

  /** A program for captures: only that follows PCRE where a loop's body matches nothing. */
  constructor(program: Program) {
    this.program = program;
    this.row = program.alphabet.size;
    this.mark = new Uint32Array(program.size * 2);
    const { alphabet, asksBefore } = program;
    this.contexts.push(EDGE & asksBefore);
    this.contextOf = new Uint8Array(alphabet.size);
    for (let symbol = 0; symbol < alphabet.end; symbol++) {
      const context = alphabet.bitsOf[symbol]! & asksBefore;
      let index = this.contexts.indexOf(context);
      if (index < 0) index = this.contexts.push(context) - 1;
      this.contextOf[symbol] = index;
    }
    this.reset();
  }

  /** The offset behind the match that starts at `start`; -1 - n when there is none, told by n symbols. */
  find(subject: string, start: number): number {
    const { length } = subject;
    const before = start === 0 ? 0 : this.contextOf[this.symbolAt(subject, start - 1)]!;
    let state = this.intern(String.fromCharCode(before, this.program.start));
    let end = -1;
    for (let at = start; ; at++) {
      const symbol = this.symbolAt(subject, at);
      const step = this.table[state * this.row + symbol]! || this.step(state, symbol);
      if (((step - 1) & 1) === 1) end = at;
      state = (step - 1) >> 1;
      if (state === 0 || at === length) return end >= 0 ? end : -1 - (at - start + 1);
    }
  }

  private symbolAt(subject: string, at: number): number {
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    if (at >= subject.length) return end;
    const byte = subject.charCodeAt(at) & 255;
    return byte === 10 && at === subject.length - 1 ? lastNewline : symbolOf[byte]!;
  }

  private step(state: number, symbol: number): number {
    const { program, row, mark } = this;
    const { op, x, y, accepts, tests, alphabet } = program;
    const key = this.keys[state]!;
    const before = this.contexts[key.charCodeAt(0)]!;
    const after = alphabet.bitsOf[symbol]!;
    if (++this.generation === 0xffffffff) {
      mark.fill(0);
      this.generation = 1;
    }
    const { generation } = this;
    let next = symbol === alphabet.end ? '' : String.fromCharCode(this.contextOf[symbol]!);
    let hasMatched = false;
    const stack: number[] = [];
    for (let index = 1; index < key.length && !hasMatched; index++) {
      stack.push(key.charCodeAt(index));
      while (stack.length > 0) {
        const pc = stack.pop()!;
        if (mark[pc] === generation) continue;
        mark[pc] = generation;
        if (op[pc] === MATCH) {
          hasMatched = true;
          break;
        }
        if (op[pc] === BYTE) {
          const target = y[pc]!;
          if (accepts[x[pc]! * row + symbol] !== 1) continue;
          if (mark[program.size + target] === generation) continue;
          mark[program.size + target] = generation;
          next += String.fromCharCode(target);
        } else if (op[pc] === SPLIT) stack.push(y[pc]!, x[pc]!);
        else if (op[pc] !== TEST || holds(tests[x[pc]!]!, before, after)) stack.push(y[pc]!);
      }
    }
    const known = this.keys;
    const code = 1 + this.intern(next) * 2 + (hasMatched ? 1 : 0);
    // After a flush the number of `state` means another state, or none.
    if (known === this.keys) this.table[state * row + symbol] = code;
    return code;
  }

  /** The number of a state; 0 when nothing can match any more. */
  private intern(key: string): number {
    if (key.length < 2) return 0;
    const known = this.stateOf.get(key);
    if (known !== undefined) return known;
    const bytes = this.keyBytes + this.keys.length * this.row * 4;
    if (this.keys.length > MOST_STATES || bytes > MOST_BYTES) this.reset();
    const state = this.keys.push(key) - 1;
    this.stateOf.set(key, state);
    this.keyBytes += key.length * 2 + 64;
    if ((state + 1) * this.row > this.table.length) {
      const larger = new Int32Array(this.table.length * 2);
      larger.set(this.table);
      this.table = larger;
    }
    return state;
  }

  private reset(): void {
    this.table = new Int32Array(this.row * 8).fill(UNKNOWN);
    this.keys = [''];
    this.stateOf = new Map();
    this.keyBytes = 0;
  }
}
