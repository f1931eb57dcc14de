// Finds the match PCRE would find, with its captures, by trying paths in PCRE's order and never twice.
//
// A path that failed at an instruction and a position fails there again, whoever comes by: each pair is marked
// and tried once (as RE2's bit state does). Only instructions that several others lead to need marks. So the
// search is linear in the part of the subject that it looks at and needs no automaton built beforehand.
//
// Marks are kept for a window, which moves along with the start and doubles when a path leads out of it. A search
// that would need too large a window or too many steps is given up: captures.ts finds such a match.

import type { MatcherResult } from '../model/operator.ts';
import { EDGE } from './alphabet.ts';
import { resultOfSlots } from './group-spans.ts';
import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SAVE, SPLIT, TEST } from './program.ts';

/** Marks that a window may take, in bits. */
const MOST_MARKS = 1 << 18;
/** Positions of the first window. */
const FIRST_WINDOW = 512;
/**
 * Steps for each position at which a match may start, and for a part however short. Each start has paths of its own until they meet
 * those of others, and `[a-z]{2,200}:` has 200 steps of them.
 */
const STEPS_PER_POSITION = 8;
const STEPS_AT_LEAST = 1 << 12;
/** More than this is not kept from search to search. */
const MOST_KEPT = 1 << 14;

const FOUND = 1;
const NONE = 0;
/** A path leads out of the window, or there are no steps left. */
const LEFT = -1;

export class PathSearch {
  private readonly program: Program;
  private readonly slots: Int32Array;
  /** The row of marks of an instruction; -1 when at most one other leads to it. */
  private readonly markOf: Int32Array;
  private readonly markCount: number;
  private readonly mostMarks: number;
  /** 1 for each byte that a match may begin with; where the subject ends, an empty one always may. */
  private readonly begins: Uint8Array;
  private marks: Int32Array = new Int32Array(0);
  /** What is left of the steps that a search may take. */
  private steps = 0;
  /** Pairs of an instruction and a position to go on from; a negative one restores a slot. */
  private stack: Int32Array = new Int32Array(256);

  /** A program for captures, in which no cycle goes without a byte. */
  constructor(program: Program, groupCount: number, mostMarks: number = MOST_MARKS) {
    this.mostMarks = mostMarks;
    this.program = program;
    this.slots = new Int32Array((groupCount + 1) * 2);
    const { op, x, y, size } = program;
    const sources = new Uint8Array(size);
    sources[program.start] = 1;
    const lead = (to: number): void => {
      if (sources[to]! < 2) sources[to]!++;
    };
    for (let pc = 0; pc < size; pc++) {
      if (op[pc] === SPLIT) lead(x[pc]!);
      if (op[pc] !== MATCH) lead(y[pc]!);
    }
    this.markOf = new Int32Array(size).fill(-1);
    let count = 0;
    for (let pc = 0; pc < size; pc++) if (sources[pc] === 2) this.markOf[pc] = count++;
    this.markCount = count;
    this.begins = firstBytes(program);
  }

  /**
   * The leftmost match, when it starts at or after `low`; none ends in front of `end`. Undefined: the search was given
   * up.
   */
  exec(subject: string, low: number, end: number): MatcherResult | null | undefined {
    const found = this.find(subject, low, end);
    return found && resultOfSlots(subject, found);
  }

  /** The same as begin and end of each group; they hold until the next search. */
  find(subject: string, low: number, end: number): Int32Array | null | undefined {
    const { slots, begins, markCount } = this;
    const { length } = subject;
    let width = Math.min(FIRST_WINDOW, length - low + 1);
    let base = low;
    this.clear(width);
    slots.fill(-1);
    this.steps = STEPS_AT_LEAST + (end - low) * STEPS_PER_POSITION;
    for (let start = low; start <= end; start++) {
      if (start < length && begins[subject.charCodeAt(start) & 255] === 0) continue;
      if (start - base > width >> 1) {
        base = start;
        this.clear(width);
      }
      for (;;) {
        const outcome = this.search(subject, start, base, width);
        if (outcome === FOUND) return this.done(slots);
        // It has put back what it saved.
        if (outcome === NONE) break;
        if (this.steps < 0) return this.done(undefined);
        slots.fill(-1);
        width *= 2;
        if (width * markCount > this.mostMarks) return this.done(undefined);
        base = start;
        this.clear(width);
      }
    }
    return this.done(null);
  }

  private clear(width: number): void {
    const words = (width * this.markCount + 31) >>> 5;
    if (this.marks.length < words) this.marks = new Int32Array(words);
    else this.marks.fill(0, 0, words);
  }

  /** Lets go of what a long part needed. */
  private done<Result>(result: Result): Result {
    if (this.marks.length > MOST_KEPT) this.marks = new Int32Array(0);
    if (this.stack.length > MOST_KEPT) this.stack = new Int32Array(256);
    return result;
  }

  /** Tries the paths from `start` in the window of `width` positions from `low`. */
  private search(subject: string, start: number, low: number, width: number): number {
    const { program, slots, marks, markOf } = this;
    const { op, x, y, tests, accepts, alphabet, asksAfter } = program;
    const { symbolOf, lastNewline, end: endSymbol, size, bitsOf } = alphabet;
    const { length } = subject;
    const end = Math.min(length, low + width - 1);
    // Where the newline stands that ends the subject, when it is a symbol of its own.
    const last =
      lastNewline !== symbolOf[10] && subject.charCodeAt(length - 1) === 10 ? length - 1 : length;
    let { stack } = this;
    let { steps } = this;
    let depth = 0;
    let pc = program.start;
    let at = start;
    for (;;) {
      if (--steps < 0) {
        this.steps = steps;
        return LEFT;
      }
      const row = markOf[pc]!;
      let goesOn = true;
      if (row >= 0) {
        const mark = row * width + at - low;
        const bit = 1 << (mark & 31);
        goesOn = (marks[mark >>> 5]! & bit) === 0;
        marks[mark >>> 5]! |= bit;
      }
      if (goesOn) {
        switch (op[pc]) {
          case BYTE: {
            if (at >= end && end < length) {
              this.steps = steps;
              return LEFT;
            }
            const symbol = at < last ? symbolOf[subject.charCodeAt(at) & 255]! : lastNewline;
            goesOn = at < length && accepts[x[pc]! * size + symbol] === 1;
            at++;
            break;
          }
          case SPLIT:
            if (depth + 2 > stack.length) stack = this.growStack();
            stack[depth++] = y[pc]!;
            stack[depth++] = at;
            break;
          case TEST: {
            const previous = at <= last ? symbolOf[subject.charCodeAt(at - 1) & 255]! : lastNewline;
            const before = at === 0 ? EDGE : bitsOf[previous]!;
            const symbol =
              at < last
                ? symbolOf[subject.charCodeAt(at) & 255]!
                : at < length
                  ? lastNewline
                  : endSymbol;
            goesOn = holds(tests[x[pc]!]!, before, bitsOf[symbol]! & asksAfter);
            break;
          }
          case SAVE:
            if (depth + 2 > stack.length) stack = this.growStack();
            stack[depth++] = ~x[pc]!;
            stack[depth++] = slots[x[pc]!]!;
            slots[x[pc]!] = at;
            break;
          case MATCH:
            return FOUND;
        }
      }
      if (goesOn) {
        pc = op[pc] === SPLIT ? x[pc]! : y[pc]!;
        continue;
      }
      for (;;) {
        if (depth === 0) {
          this.steps = steps;
          return NONE;
        }
        at = stack[--depth]!;
        pc = stack[--depth]!;
        if (pc >= 0) break;
        slots[~pc] = at;
      }
    }
  }

  private growStack(): Int32Array {
    const larger = new Int32Array(this.stack.length * 2);
    larger.set(this.stack);
    this.stack = larger;
    return larger;
  }
}

function firstBytes({ op, x, y, accepts, alphabet, start, size }: Program): Uint8Array {
  const { symbolOf, lastNewline } = alphabet;
  const begins = new Uint8Array(256);
  const seen = new Uint8Array(size);
  const stack = [start];
  while (stack.length > 0) {
    const pc = stack.pop()!;
    if (seen[pc] === 1) continue;
    seen[pc] = 1;
    if (op[pc] === MATCH) return begins.fill(1);
    if (op[pc] === BYTE) {
      const row = x[pc]! * alphabet.size;
      for (let byte = 0; byte < 256; byte++) begins[byte]! |= accepts[row + symbolOf[byte]!]!;
      begins[10]! |= accepts[row + lastNewline]!;
      continue;
    }
    if (op[pc] === SPLIT) stack.push(x[pc]!);
    stack.push(y[pc]!);
  }
  return begins;
}
