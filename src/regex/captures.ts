// Finds the match PCRE would find, with its captures, in time linear in the subject.
//
// A backtracking engine tries the paths of a pattern in order and takes the first that succeeds.
// Reading the subject backwards, a lazy automaton labels each position with the instructions from
// which a match can be reached. The leftmost match then starts at the first position whose label has
// the program's start, and walking forward from there, taking at each fork the first branch that is
// in the label, follows just the path that backtracking would have ended up with. No step is ever
// taken back.
//
// Only the range in which the leftmost match must lie is read. Labels are kept for one block of it at a
// time: a first pass stores the state at the end of each block, and the labels of a block are worked
// out again when the walk enters it. So memory does not grow with the subject, but for one reference
// per block.

import type { MatcherResult } from '../model/operator.ts';
import { EDGE } from './alphabet.ts';
import type { DecisionAutomaton } from './decision.ts';
import { resultOfSlots } from './group-spans.ts';
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

/** A part of a subject read backwards. */
interface Reading {
  readonly subject: string;
  readonly low: number;
  readonly high: number;
  /** By block: the suffix at its last position, and whether a match starts in it. */
  readonly ends: Suffix[];
  readonly starts: boolean[];
  /** The block whose labels are at hand, and the position of the first of them. */
  block: number;
  base: number;
  labels: Label[];
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
  private walkUnderWay: Walk | undefined;
  private readonly decision: DecisionAutomaton;

  /** `decision` decides the same pattern over the same alphabet. */
  constructor(
    program: Program,
    decision: DecisionAutomaton,
    groupCount: number,
    limitBytes: number = DEFAULT_BYTES,
  ) {
    this.program = program;
    this.decision = decision;
    this.groupCount = groupCount;
    this.limitBytes = limitBytes;
    this.words = (program.size + 31) >>> 5;
    this.order = backwardOrder(program);
    this.end = this.subjectEnd();
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
    const reading = walk?.whole ?? this.readPart(subject, from, walk);
    const start = reading === null ? -1 : this.firstStart(reading, Math.max(from, reading.low));
    if (reading === null || start < 0) return null;
    if (from > 0) {
      const whole = reading.high - reading.low === subject.length ? reading : undefined;
      const work = (walk?.work ?? 0) + reading.high - from;
      this.walkUnderWay = { subject, work, whole };
    }
    return this.follow(reading, start);
  }

  private readPart(subject: string, from: number, walk: Walk | undefined): Reading | null {
    const { length } = subject;
    if (walk !== undefined && walk.work > length * PARTS_WORTH)
      return this.read(subject, 0, length);
    const range = this.decision.locate(subject, from);
    return range && this.read(subject, range.low, range.high);
  }

  private firstStart(reading: Reading, from: number): number {
    let at = from;
    for (let block = Math.floor(from / BLOCK); block < reading.starts.length; block++) {
      if (reading.starts[block]) {
        this.enter(reading, block);
        const { base, labels } = reading;
        for (; at - base < labels.length; at++) if (labels[at - base]!.starts) return at;
      }
      at = (block + 1) * BLOCK;
    }
    return -1;
  }

  private follow(reading: Reading, start: number): Int32Array {
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
    return slots;
  }

  private label(reading: Reading, at: number): Label {
    const block = Math.floor(at / BLOCK);
    if (block !== reading.block) this.enter(reading, block);
    return reading.labels[at - reading.base]!;
  }

  /** The pass over a part: no thread that matters leaves it at its high end. */
  private read(subject: string, low: number, high: number): Reading {
    const reading: Reading = {
      subject,
      low,
      high,
      ends: [],
      starts: [],
      block: -1,
      base: 0,
      labels: [],
    };
    const { alphabet, asksAfter } = this.program;
    const after = high === subject.length ? EDGE : alphabet.bitsOf[this.symbolAt(subject, high)]!;
    let suffix =
      high === subject.length
        ? this.end
        : this.suffix(new Uint32Array(this.words), after & asksAfter);
    for (let block = Math.floor(high / BLOCK); block >= Math.floor(low / BLOCK); block--) {
      reading.ends[block] = suffix;
      this.enter(reading, block);
      reading.starts[block] = reading.labels.some((label) => label.starts);
      suffix = reading.labels[0]!.left ?? suffix;
    }
    return reading;
  }

  private enter(reading: Reading, block: number): void {
    if (reading.block === block) return;
    const { subject } = reading;
    const { alphabet } = this.program;
    const base = Math.max(reading.low, block * BLOCK);
    const last = Math.min(reading.high, block * BLOCK + BLOCK - 1);
    const labels = new Array<Label>(last - base + 1);
    let suffix = reading.ends[block]!;
    for (let at = last; at >= base; at--) {
      const symbol = at === 0 ? alphabet.end : this.symbolAt(subject, at - 1);
      const label = suffix.labels[symbol] ?? this.newLabel(suffix, symbol);
      labels[at - base] = label;
      suffix = label.left ?? suffix;
    }
    reading.block = block;
    reading.base = base;
    reading.labels = labels;
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
