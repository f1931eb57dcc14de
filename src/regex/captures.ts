// Finds the match PCRE would find, with its captures, in time linear in the subject.
//
// A backtracking engine tries the paths of a pattern in order and takes the first that succeeds.
// Reading the subject backwards, a lazy automaton labels each position with the instructions from
// which a match can be reached. The leftmost match then starts at the first position whose label has
// the program's start, and walking forward from there, taking at each fork the first branch that is
// in the label, follows just the path that backtracking would have ended up with. No step is ever
// taken back.
//
// Labels are kept for one block at a time: a first pass stores the state at the end of each block, and
// the labels of a block are worked out again when the walk enters it. So memory does not grow with
// the subject, but for one reference per block.

import type { MatcherResult } from '../model/operator.ts';
import { EDGE } from './alphabet.ts';
import { holds } from './position-test.ts';
import type { Program } from './program.ts';
import { BYTE, MATCH, SAVE, SPLIT, TEST } from './program.ts';

const BLOCK = 4096;
const DEFAULT_BYTES = 1 << 21;

/** What is known at a position before the symbol in front of it has been looked at. */
interface Suffix {
  /** BYTE instructions that consume the symbol at the position and reach a match, as bits. */
  readonly alive: Uint32Array;
  /** What assertions may know about that symbol. */
  readonly after: number;
  /** By the symbol in front; the end symbol stands for the start of the subject. */
  readonly labels: (Label | undefined)[];
}

/** A position with both its neighbours known. */
interface Label {
  /** Instructions from which a match can be reached, as bits. */
  readonly reach: Uint32Array;
  readonly starts: boolean;
  /** The suffix that begins one symbol further left. */
  readonly left: Suffix | undefined;
}

/** One subject read backwards. */
interface Reading {
  readonly subject: string;
  /** The suffix at the last position of each block. */
  readonly ends: readonly Suffix[];
  /** Whether a match starts in the block. */
  readonly starts: readonly boolean[];
  block: number;
  labels: Label[];
}

export class CaptureAutomaton {
  /** Counters for reports and tests. */
  flushes = 0;
  built = 0;

  private readonly program: Program;
  private readonly groupCount: number;
  private readonly limitBytes: number;
  private readonly words: number;
  /** Instructions, each behind those it can go to without consuming. */
  private readonly order: Int32Array;
  private suffixes = new Map<string, Suffix>();
  private bytes = 0;
  private end: Suffix;
  /** Kept between calls that walk through one subject; dropped when they have reached its end. */
  private kept: Reading | undefined;

  constructor(program: Program, groupCount: number, limitBytes: number = DEFAULT_BYTES) {
    this.program = program;
    this.groupCount = groupCount;
    this.limitBytes = limitBytes;
    this.words = (program.size + 31) >>> 5;
    this.order = backwardOrder(program);
    this.end = this.subjectEnd();
  }

  /**
   * The leftmost match at or after `from`. Calls with `from` above 0 share the backward pass over
   * their subject, so walking through all matches stays linear.
   */
  exec(subject: string, from = 0): MatcherResult | null {
    let reading = this.kept;
    if (reading === undefined || reading.subject !== subject) reading = this.read(subject);
    const start = this.firstStart(reading, from);
    this.kept = from > 0 && start >= 0 ? reading : undefined;
    return start < 0 ? null : this.walk(reading, start);
  }

  private firstStart(reading: Reading, from: number): number {
    const blocks = reading.starts.length;
    let at = from;
    for (let block = Math.floor(from / BLOCK); block < blocks; block++) {
      if (reading.starts[block]) {
        this.enter(reading, block);
        const base = block * BLOCK;
        for (; at - base < reading.labels.length; at++) {
          if (reading.labels[at - base]!.starts) return at;
        }
      }
      at = (block + 1) * BLOCK;
    }
    return -1;
  }

  private walk(reading: Reading, start: number): MatcherResult {
    const { op, x, y } = this.program;
    const slots = new Int32Array((this.groupCount + 1) * 2).fill(-1);
    let at = start;
    let pc = this.program.start;
    let { reach } = this.label(reading, at);
    // Invariant: a match can be reached from `pc` at `at`, so one branch of each fork can be taken.
    while (op[pc] !== MATCH) {
      switch (op[pc]) {
        case BYTE:
          at++;
          reach = this.label(reading, at).reach;
          pc = y[pc]!;
          break;
        case SPLIT:
          pc = has(reach, x[pc]!) ? x[pc]! : y[pc]!;
          break;
        case SAVE:
          slots[x[pc]!] = at;
          pc = y[pc]!;
          break;
        default:
          pc = y[pc]!;
      }
    }
    const groups: (string | undefined)[] = [];
    for (let slot = 0; slot < slots.length; slot += 2) {
      const open = slots[slot]!;
      const close = slots[slot + 1]!;
      groups.push(open < 0 || close < 0 ? undefined : reading.subject.slice(open, close));
    }
    return { index: slots[0]!, end: slots[1]!, groups };
  }

  private label(reading: Reading, at: number): Label {
    const block = Math.floor(at / BLOCK);
    if (block !== reading.block) this.enter(reading, block);
    return reading.labels[at - block * BLOCK]!;
  }

  /** The pass over the whole subject. */
  private read(subject: string): Reading {
    const ends: Suffix[] = [];
    const starts: boolean[] = [];
    let suffix = this.end;
    let block = Math.floor(subject.length / BLOCK);
    let labels: Label[] = [];
    for (; block >= 0; block--) {
      ends[block] = suffix;
      labels = this.labelsOf(subject, block, suffix);
      starts[block] = labels.some((label) => label.starts);
      suffix = labels[0]!.left ?? this.end;
    }
    return { subject, ends, starts, block: 0, labels };
  }

  private enter(reading: Reading, block: number): void {
    if (reading.block === block) return;
    reading.block = block;
    reading.labels = this.labelsOf(reading.subject, block, reading.ends[block]!);
  }

  private labelsOf(subject: string, block: number, last: Suffix): Label[] {
    const { alphabet } = this.program;
    const base = block * BLOCK;
    const count = Math.min(base + BLOCK - 1, subject.length) - base + 1;
    const labels = new Array<Label>(count);
    let suffix = last;
    for (let at = base + count - 1; at >= base; at--) {
      const symbol = at === 0 ? alphabet.end : this.symbolAt(subject, at - 1);
      const label = suffix.labels[symbol] ?? this.newLabel(suffix, symbol);
      labels[at - base] = label;
      suffix = label.left ?? suffix;
    }
    return labels;
  }

  private symbolAt(subject: string, at: number): number {
    const { symbolOf, lastNewline } = this.program.alphabet;
    const byte = subject.charCodeAt(at) & 255;
    return byte === 10 && at === subject.length - 1 ? lastNewline : symbolOf[byte]!;
  }

  private subjectEnd(): Suffix {
    return this.suffix(new Uint32Array(this.words), EDGE & this.program.asksAfter);
  }

  /** The label between `symbol` and `suffix`. */
  private newLabel(suffix: Suffix, symbol: number): Label {
    this.built++;
    const { program } = this;
    const { op, x, y, tests, accepts, alphabet } = program;
    const atStart = symbol === alphabet.end;
    const before = atStart ? EDGE : alphabet.bitsOf[symbol]!;
    const reach = new Uint32Array(this.words);
    for (const pc of this.order) {
      let reaches: boolean;
      switch (op[pc]) {
        case BYTE:
          reaches = has(suffix.alive, pc);
          break;
        case SPLIT:
          reaches = has(reach, x[pc]!) || has(reach, y[pc]!);
          break;
        case TEST:
          reaches = has(reach, y[pc]!) && holds(tests[x[pc]!]!, before, suffix.after);
          break;
        case SAVE:
          reaches = has(reach, y[pc]!);
          break;
        default:
          reaches = true;
      }
      if (reaches) reach[pc >>> 5]! |= 1 << (pc & 31);
    }
    let left: Suffix | undefined;
    if (!atStart) {
      const alive = new Uint32Array(this.words);
      for (const pc of this.order) {
        if (op[pc] !== BYTE || accepts[x[pc]! * alphabet.size + symbol] !== 1) continue;
        if (has(reach, y[pc]!)) alive[pc >>> 5]! |= 1 << (pc & 31);
      }
      left = this.suffix(alive, before & program.asksAfter);
    }
    const label: Label = { reach, starts: has(reach, program.start), left };
    suffix.labels[symbol] = label;
    this.bytes += this.words * 4 + 64;
    return label;
  }

  private suffix(alive: Uint32Array, after: number): Suffix {
    const key = `${after}:${alive.join()}`;
    const known = this.suffixes.get(key);
    if (known !== undefined) return known;
    if (this.end !== undefined && this.bytes > this.limitBytes) {
      // Suffixes that a reading still refers to live on until it is done.
      this.flushes++;
      this.suffixes = new Map();
      this.bytes = 0;
      this.end = this.subjectEnd();
    }
    const labels = new Array<Label | undefined>(this.program.alphabet.size).fill(undefined);
    const suffix: Suffix = { alive, after, labels };
    this.suffixes.set(key, suffix);
    this.bytes += this.words * 4 + key.length + this.program.alphabet.size * 8 + 128;
    return suffix;
  }
}

function has(bits: Uint32Array, pc: number): boolean {
  return ((bits[pc >>> 5]! >>> (pc & 31)) & 1) === 1;
}

/**
 * All instructions such that those reachable without consuming come first. There is such an order
 * because a captures program has no cycle without a BYTE.
 */
function backwardOrder(program: Program): Int32Array {
  const { op, x, y, size } = program;
  const order = new Int32Array(size);
  let count = 0;
  const state = new Uint8Array(size);
  for (let root = 0; root < size; root++) {
    const stack = [root];
    while (stack.length > 0) {
      const pc = stack[stack.length - 1]!;
      if (state[pc] === 2) {
        stack.pop();
      } else if (state[pc] === 1) {
        state[pc] = 2;
        order[count++] = pc;
        stack.pop();
      } else {
        state[pc] = 1;
        if (op[pc] === SPLIT && state[x[pc]!] === 0) stack.push(x[pc]!);
        if (op[pc] !== BYTE && op[pc] !== MATCH && state[y[pc]!] === 0) stack.push(y[pc]!);
      }
    }
  }
  return order;
}
