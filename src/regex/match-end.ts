// Where the leftmost match ends that PCRE would find, in one pass over the subject.
//
// A lazy automaton whose states are instructions in PCRE's order of preference: those of earlier starts come first,
// and a new start comes last. When one of them has matched, those behind it are dropped: what they would find is
// worse. Those before it go on, and their match, if one comes, is better. Memory is bounded as in decision.ts.

import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SPLIT, TEST } from './program.ts';
import { SymbolContexts } from './symbol-contexts.ts';

const UNKNOWN = 0;
const MOST_STATES = 4_000;
const MOST_BYTES = 1 << 21;
/** A key's first char is twice what tests may know of the symbol before, and 1 more when a match has been found. */
const FOUND = 1;

export class MatchEnd {
  /** Counters for reports and tests. */
  flushes = 0;
  /** How far the last search has read. */
  readTo = 0;

  private readonly program: Program;
  private readonly row: number;
  private readonly contexts: SymbolContexts;
  /**
   * By state and symbol: 2 + twice the next state, and 1 more when a match ends in front of the symbol. States are
   * multiples of the row length; the first, which is 0, is the one in which nothing better can be found any more.
   */
  private table: Int32Array = new Int32Array(0);
  private keys: string[] = [];
  private stateOf = new Map<string, number>();
  private keyBytes = 0;
  private readonly mark: Uint32Array;
  private generation = 0;
  private readonly stack: number[] = [];
  private readonly next: Uint16Array;

  /** A program for captures: only that follows PCRE where a loop's body matches nothing. */
  constructor(program: Program) {
    this.program = program;
    this.row = program.alphabet.size;
    this.contexts = new SymbolContexts(program.alphabet, program.asksBefore);
    this.mark = new Uint32Array(program.size * 2);
    this.next = new Uint16Array(program.size + 1);
    this.reset();
  }

  /** The offset behind the leftmost match that starts at or after `from`; -1 when there is none. */
  find(subject: string, from = 0): number {
    const { symbolOf } = this.program.alphabet;
    const { length } = subject;
    const { end: edge } = this.program.alphabet;
    const before = from === 0 ? edge : this.symbolAt(subject, from - 1);
    let state = this.intern(String.fromCharCode(this.contexts.of[before]! * 2));
    let { table } = this;
    let end = -1;
    for (let at = from; ; at++) {
      // The last newline is a symbol of its own where the pattern asks for it, and so is the end.
      const symbol =
        at < length - 1 ? symbolOf[subject.charCodeAt(at) & 255]! : this.symbolAt(subject, at);
      let step = table[state + symbol]!;
      if (step === UNKNOWN) {
        step = this.step(state, symbol);
        table = this.table;
      }
      if ((step & 1) === 1) end = at;
      state = (step - 2) >> 1;
      if (state === 0 || at === length) {
        this.readTo = at;
        return end;
      }
    }
  }

  private symbolAt(subject: string, at: number): number {
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    if (at >= subject.length) return end;
    const byte = subject.charCodeAt(at) & 255;
    return byte === 10 && at === subject.length - 1 ? lastNewline : symbolOf[byte]!;
  }

  private step(state: number, symbol: number): number {
    const { program, row, mark, contexts } = this;
    const { op, x, y, accepts, tests, alphabet } = program;
    const key = this.keys[state / row]!;
    const before = contexts.bits[key.charCodeAt(0) >> 1]!;
    const after = alphabet.bitsOf[symbol]!;
    const hadFound = (key.charCodeAt(0) & FOUND) !== 0;
    if (++this.generation === 0xffffffff) {
      mark.fill(0);
      this.generation = 1;
    }
    const { generation } = this;
    const { next, stack } = this;
    let length = 1;
    let hasMatched = false;
    const count = hadFound ? key.length : key.length + 1;
    for (let index = 1; index < count && !hasMatched; index++) {
      stack.push(index < key.length ? key.charCodeAt(index) : program.start);
      while (stack.length > 0) {
        const pc = stack.pop()!;
        if (mark[pc] === generation) continue;
        mark[pc] = generation;
        if (op[pc] === MATCH) {
          hasMatched = true;
          stack.length = 0;
          break;
        }
        if (op[pc] === BYTE) {
          const target = y[pc]!;
          if (accepts[x[pc]! * row + symbol] !== 1) continue;
          if (mark[program.size + target] === generation) continue;
          mark[program.size + target] = generation;
          next[length++] = target;
        } else if (op[pc] === SPLIT) stack.push(y[pc]!, x[pc]!);
        else if (op[pc] !== TEST || holds(tests[x[pc]!]!, before, after)) stack.push(y[pc]!);
      }
    }
    const found = hadFound || hasMatched;
    next[0] = contexts.of[symbol]! * 2 + (found ? FOUND : 0);
    const { flushes } = this;
    const isOver = found && length === 1;
    const target = isOver ? 0 : this.intern(textOf(next, length));
    const code = 2 + target * 2 + (hasMatched ? 1 : 0);
    // After a flush the number of `state` means another state, or none.
    if (flushes === this.flushes) this.table[state + symbol] = code;
    return code;
  }

  private intern(key: string): number {
    const known = this.stateOf.get(key);
    if (known !== undefined) return known;
    const bytes = this.keyBytes + this.keys.length * this.row * 4;
    if (this.keys.length > MOST_STATES || bytes > MOST_BYTES) {
      this.flushes++;
      this.reset();
    }
    const state = this.keys.length * this.row;
    this.keys.push(key);
    this.stateOf.set(key, state);
    this.keyBytes += key.length * 2 + 64;
    if (state + this.row > this.table.length) {
      const larger = new Int32Array(this.table.length * 2);
      larger.set(this.table);
      this.table = larger;
    }
    return state;
  }

  private reset(): void {
    this.table = new Int32Array(this.row * 8);
    this.keys = [''];
    this.stateOf = new Map();
    this.keyBytes = 0;
  }
}

function textOf(chars: Uint16Array, count: number): string {
  return String.fromCharCode.apply(null, chars.subarray(0, count) as unknown as number[]);
}
