// A lazy automaton that reads a subject backwards and tells from where a match can be reached.
//
// Its states stand for what follows a position: the BYTE instructions that consume the next symbol and lead to a
// match, what assertions may know of that symbol, and whether a match may end at the position itself. A state is
// *open* when it may. Whoever knows that no match ends in front of some position goes on from there with closed
// states, which soon hold nothing: then no match starts further left.
//
// One table look-up per byte. Memory is bounded: `makeRoom` forgets all states, which are found again by their keys.

import { sortedText } from './instruction-text.ts';
import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SPLIT, TEST } from './program.ts';
import { SymbolContexts } from './symbol-contexts.ts';

const UNKNOWN = 0;
/** A key's first char is twice what assertions may know of the next symbol, and 1 more for open states. */
const OPEN = 1;

export class SuffixAutomaton {
  /** Counters for reports and tests. */
  flushes = 0;
  built = 0;
  /** All steps read since the caller set it to 0, one over the other: odd when a match starts at one of them. */
  seen = 0;

  private readonly program: Program;
  private readonly limitBytes: number;
  private readonly row: number;
  private readonly words: number;
  private readonly before: SymbolContexts;
  private readonly after: SymbolContexts;
  /** By instruction, those that lead to it without consuming, and by a byte. */
  private readonly sources: Sources;
  private readonly byteSources: Sources;
  private readonly match: number;

  /** By state and the symbol in front of the position: twice the state further left, and 1 more if a match starts. */
  private table: Int32Array = new Int32Array(0);
  private keys: string[] = [];
  private stateOf = new Map<string, number>();
  /** By state and what assertions may know of the symbol in front: instructions that reach a match, as bits. */
  private reachBits: (Uint32Array | undefined)[] = [];
  private bytes = 0;
  private readonly mark: Uint32Array;
  private generation = 0;
  private readonly found: Uint16Array;
  private readonly alive: Uint16Array;

  /** A program for captures: no cycle goes without a byte, and only that follows PCRE where a loop matches nothing. */
  constructor(program: Program, limitBytes: number) {
    this.program = program;
    this.limitBytes = limitBytes;
    const { op, size, alphabet } = program;
    this.row = alphabet.size;
    this.words = (size + 31) >>> 5;
    this.mark = new Uint32Array(size);
    this.before = new SymbolContexts(alphabet, program.asksBefore);
    this.after = new SymbolContexts(alphabet, program.asksAfter);
    this.match = op.indexOf(MATCH);
    this.sources = sourcesIn(program, (pc) => op[pc] !== BYTE);
    this.byteSources = sourcesIn(program, (pc) => op[pc] === BYTE);
    this.found = new Uint16Array(size);
    this.alive = new Uint16Array(size);
    this.forget();
  }

  /** The state in which nothing can match any more, further left. */
  get dead(): number {
    return this.row;
  }

  /** The open state in front of `symbol` from which nothing that consumes it leads to a match. */
  lastBefore(symbol: number): number {
    return this.find(String.fromCharCode(this.after.of[symbol]! * 2 + OPEN));
  }

  /** The same, if no match ends at its position. */
  closed(state: number): number {
    const key = this.keyOf(state);
    return this.find(String.fromCharCode(key.charCodeAt(0) & ~OPEN) + key.slice(1));
  }

  /** What finds the state again when all have been forgotten. */
  keyOf(state: number): string {
    return this.keys[state / this.row]!;
  }

  find(key: string): number {
    if (key.length === 1 && (key.charCodeAt(0) & OPEN) === 0) return this.dead;
    return this.stateOf.get(key) ?? this.add(key);
  }

  /** Forgets all states where they have become too many. */
  makeRoom(): void {
    if (this.bytes <= this.limitBytes) return;
    this.flushes++;
    this.forget();
  }

  /**
   * Reads from `high`, where `state` is, down to `low`. What it finds at position p goes to `steps[p - base]`: twice
   * the state, and 1 more if a match starts there. Returns the last state, at `low` - 1, or the dead one; where that is
   * met earlier, the rest of `steps` is left as it is.
   */
  read(
    subject: string,
    state: number,
    high: number,
    low: number,
    steps: Int32Array,
    base: number,
  ): number {
    const { dead } = this;
    const { symbolOf } = this.program.alphabet;
    let current = state;
    let at = high;
    let { table, seen } = this;
    while (at >= low && current !== dead) {
      // The symbols in front of the last position and of the first are special.
      const symbol =
        at === subject.length || at === 0
          ? this.symbolBefore(subject, at)
          : symbolOf[subject.charCodeAt(at - 1) & 255]!;
      let step = table[current + symbol]!;
      if (step === UNKNOWN) {
        step = this.step(current, symbol);
        table = this.table;
      }
      steps[at - base] = (current << 1) | (step & 1);
      seen |= step;
      current = step >> 1;
      at--;
    }
    this.seen = seen;
    return current;
  }

  /** Instructions from which a match can be reached, as bits, in `state` at `at`. */
  reachAt(subject: string, at: number, state: number): Uint32Array {
    const { symbolOf } = this.program.alphabet;
    const symbol =
      at === subject.length || at === 0
        ? this.symbolBefore(subject, at)
        : symbolOf[subject.charCodeAt(at - 1) & 255]!;
    const index = (state / this.row) * this.before.count + this.before.of[symbol]!;
    return this.reachBits[index] ?? this.bitsOf(index, state, this.before.of[symbol]!);
  }

  /** The end symbol stands for the start of the subject. */
  private symbolBefore(subject: string, at: number): number {
    const { symbolOf, lastNewline, end } = this.program.alphabet;
    if (at === 0) return end;
    const byte = subject.charCodeAt(at - 1) & 255;
    return byte === 10 && at === subject.length ? lastNewline : symbolOf[byte]!;
  }

  private step(state: number, symbol: number): number {
    this.built++;
    const { program, row, found, alive, byteSources } = this;
    const { x, accepts, alphabet, start } = program;
    const { at: begins, all: sources } = byteSources;
    const context = this.keyOf(state).charCodeAt(0);
    const count = this.reach(state, this.before.of[symbol]!);
    const starts = this.mark[start] === this.generation ? 1 : 0;
    let next = this.dead;
    if (symbol !== alphabet.end) {
      let living = 0;
      for (let index = 0; index < count; index++) {
        const pc = found[index]!;
        const to = begins[pc + 1]!;
        for (let at = begins[pc]!; at < to; at++) {
          const source = sources[at]!;
          if (accepts[x[source]! * row + symbol] === 1) alive[living++] = source;
        }
      }
      const first = this.after.of[symbol]! * 2 + (context & OPEN);
      next = this.find(String.fromCharCode(first) + sortedText(alive, living));
    }
    const step = (next << 1) | starts;
    this.table[state + symbol] = step;
    return step;
  }

  /** Puts instructions from which a match can be reached into `found`, marks them, and returns how many there are. */
  private reach(state: number, before: number): number {
    const { program, mark, found } = this;
    const { op, x, tests } = program;
    const { at: begins, all: sources } = this.sources;
    const key = this.keyOf(state);
    const beforeBits = this.before.bits[before]!;
    const afterBits = this.after.bits[key.charCodeAt(0) >> 1]!;
    const generation = this.nextGeneration();
    let count = 0;
    for (let at = 1; at < key.length; at++) {
      const pc = key.charCodeAt(at);
      mark[pc] = generation;
      found[count++] = pc;
    }
    if ((key.charCodeAt(0) & OPEN) !== 0) {
      mark[this.match] = generation;
      found[count++] = this.match;
    }
    for (let done = 0; done < count; done++) {
      const pc = found[done]!;
      const to = begins[pc + 1]!;
      for (let at = begins[pc]!; at < to; at++) {
        const source = sources[at]!;
        if (mark[source] === generation) continue;
        if (op[source] === TEST && !holds(tests[x[source]!]!, beforeBits, afterBits)) continue;
        mark[source] = generation;
        found[count++] = source;
      }
    }
    return count;
  }

  private bitsOf(index: number, state: number, before: number): Uint32Array {
    const bits = new Uint32Array(this.words);
    const count = this.reach(state, before);
    for (let at = 0; at < count; at++) {
      const pc = this.found[at]!;
      bits[pc >>> 5]! |= 1 << (pc & 31);
    }
    this.reachBits[index] = bits;
    this.bytes += this.words * 4 + 128;
    return bits;
  }

  private nextGeneration(): number {
    if (this.generation === 0xffffffff) {
      this.mark.fill(0);
      this.generation = 0;
    }
    return ++this.generation;
  }

  private add(key: string): number {
    const { row } = this;
    const state = this.keys.length * row;
    if (state + row > this.table.length) {
      const larger = new Int32Array(Math.max(this.table.length * 2, row * 8));
      larger.set(this.table);
      this.table = larger;
    }
    this.keys.push(key);
    this.stateOf.set(key, state);
    // A rough figure for the row, the string, its place in the list and in the map.
    this.bytes += row * 4 + key.length * 2 + 64;
    return state;
  }

  private forget(): void {
    this.table = new Int32Array(this.row * 8);
    // No state is 0, so that no step is; the dead one comes first.
    this.keys = ['', String.fromCharCode(0)];
    this.stateOf = new Map();
    this.reachBits = [];
    this.bytes = 0;
  }
}

/** Lists of instructions, one behind the other. */
interface Sources {
  /** By instruction, where its list begins; the next one's is its end. */
  readonly at: Int32Array;
  readonly all: Uint16Array;
}

function sourcesIn({ op, x, y, size }: Program, isSource: (pc: number) => boolean): Sources {
  const at = new Int32Array(size + 1);
  const eachEdge = (visit: (to: number, from: number) => void): void => {
    for (let pc = 0; pc < size; pc++) {
      if (!isSource(pc) || op[pc] === MATCH) continue;
      if (op[pc] === SPLIT) visit(x[pc]!, pc);
      visit(y[pc]!, pc);
    }
  };
  eachEdge((to) => {
    at[to + 1]!++;
  });
  for (let pc = 0; pc < size; pc++) at[pc + 1]! += at[pc]!;
  const all = new Uint16Array(at[size]!);
  const next = at.slice();
  eachEdge((to, from) => {
    all[next[to]!++] = from;
  });
  return { at, all };
}
