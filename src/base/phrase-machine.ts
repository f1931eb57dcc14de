// The states of an Aho-Corasick automaton: a tree of phrases, renumbered by depth, with its links.

import { lowerByte } from './ascii.ts';

/** Phrases as a tree. States are numbered as they were made; the root is 0. */
export interface Trie {
  readonly stateCount: number;
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** Class of the char that leads into a state. */
  readonly symbol: Uint8Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** First phrase that ends in a state, or -1; the equal ones behind it are chained by `twin`. */
  readonly phraseAt: Int32Array;
  readonly twin: Int32Array;
  /** Number of states after each phrase went in: tells which phrase made a state, and how deep it is. */
  readonly statesAfter: Int32Array;
}

/** Numbers of states and phrases; two bytes each are enough for most lists. */
export type Numbers = Int16Array | Int32Array;

/** The same, numbered by depth, so that the children of a state follow one another. */
export interface Machine {
  readonly stateCount: number;
  readonly classes: Uint8Array;
  readonly classCount: number;
  readonly symbol: Uint8Array;
  /** Children of state s: from childFrom[s] up to childFrom[s + 1]. */
  readonly childFrom: Numbers;
  readonly failure: Numbers;
  readonly phraseAt: Numbers;
  /** Nearest shorter suffix state in which a phrase ends, or 0. */
  readonly output: Numbers;
  /** The state's number in the trie. */
  readonly trieState: Numbers;
}

export function buildTrie(phrases: readonly string[], caseless: boolean): Trie {
  const { classes, classCount, length } = byteClasses(phrases, caseless);
  const symbol = new Uint8Array(length + 1);
  const firstChild = new Int32Array(length + 1);
  const nextSibling = new Int32Array(length + 1);
  const phraseAt = new Int32Array(length + 1).fill(-1);
  const twin = new Int32Array(phrases.length).fill(-1);
  const statesAfter = new Int32Array(phrases.length);
  let stateCount = 1;
  for (const [index, phrase] of phrases.entries()) {
    let state = 0;
    for (let at = 0; at < phrase.length; at++) {
      const wanted = classes[phrase.charCodeAt(at) & 0xff]!;
      let child = firstChild[state]!;
      while (child !== 0 && symbol[child] !== wanted) child = nextSibling[child]!;
      if (child === 0) {
        child = stateCount++;
        symbol[child] = wanted;
        nextSibling[child] = firstChild[state]!;
        firstChild[state] = child;
      }
      state = child;
    }
    statesAfter[index] = stateCount;
    if (state === 0) continue;
    const equal = phraseAt[state]!;
    if (equal < 0) {
      phraseAt[state] = index;
    } else {
      twin[index] = twin[equal]!;
      twin[equal] = index;
    }
  }
  return {
    stateCount,
    classes,
    classCount,
    symbol,
    firstChild,
    nextSibling,
    phraseAt,
    twin,
    statesAfter,
  };
}

/** Bytes that occur in no phrase share class 0; both cases of a letter share one when caseless. */
function byteClasses(
  phrases: readonly string[],
  caseless: boolean,
): { classes: Uint8Array; classCount: number; length: number } {
  const used = new Uint8Array(256);
  let length = 0;
  for (const phrase of phrases) {
    length += phrase.length;
    for (let at = 0; at < phrase.length; at++) {
      const byte = phrase.charCodeAt(at) & 0xff;
      used[caseless ? lowerByte(byte) : byte] = 1;
    }
  }
  const classes = new Uint8Array(256);
  // With all 256 bytes in use no class is left for "none", and none is needed.
  let classCount = used.includes(0) ? 1 : 0;
  for (let byte = 0; byte < 256; byte++) if (used[byte] === 1) classes[byte] = classCount++;
  if (caseless) {
    for (let byte = 0; byte < 256; byte++) classes[byte] = classes[lowerByte(byte)]!;
  }
  return { classes, classCount, length };
}

/** What holds -1 to `most`, and the complement of each number below. */
export function numbersUpTo(most: number): Int16ArrayConstructor | Int32ArrayConstructor {
  return most < 0x8000 ? Int16Array : Int32Array;
}

export function buildMachine(trie: Trie): Machine {
  const { stateCount, classes, classCount } = trie;
  const List = numbersUpTo(Math.max(stateCount, trie.twin.length));
  const trieState = new List(stateCount);
  const symbol = new Uint8Array(stateCount);
  const childFrom = new List(stateCount + 1);
  const parent = new Int32Array(stateCount);
  const phraseAt = new List(stateCount);
  let queued = 1;
  for (let state = 0; state < stateCount; state++) {
    const made = trieState[state]!;
    symbol[state] = trie.symbol[made]!;
    phraseAt[state] = trie.phraseAt[made]!;
    childFrom[state] = queued;
    for (let child = trie.firstChild[made]!; child !== 0; child = trie.nextSibling[child]!) {
      parent[queued] = state;
      trieState[queued++] = child;
    }
  }
  childFrom[stateCount] = stateCount;

  const failure = new List(stateCount);
  const output = new List(stateCount);
  const childOf = (state: number, wanted: number): number => {
    const end = childFrom[state + 1]!;
    for (let child = childFrom[state]!; child < end; child++) {
      if (symbol[child] === wanted) return child;
    }
    return 0;
  };
  for (let state = childFrom[1] ?? 1; state < stateCount; state++) {
    const wanted = symbol[state]!;
    let suffix = failure[parent[state]!]!;
    let next = childOf(suffix, wanted);
    while (next === 0 && suffix !== 0) {
      suffix = failure[suffix]!;
      next = childOf(suffix, wanted);
    }
    failure[state] = next;
    output[state] = phraseAt[next]! >= 0 ? next : output[next]!;
  }
  return {
    stateCount,
    classes,
    classCount,
    symbol,
    childFrom,
    failure,
    phraseAt,
    output,
    trieState,
  };
}

/** The state itself when a phrase ends in it, else the nearest along output links, or 0. */
export function firstOutput(machine: Machine, state: number): number {
  return machine.phraseAt[state]! >= 0 ? state : machine.output[state]!;
}

/**
 * The text that leads to a state of the trie, spelled as in the phrase that made the state.
 *
 * A phrase makes its new states in one go, the last of them at its full length.
 */
export function pathTo(made: number, phrases: readonly string[], statesAfter: Int32Array): string {
  let low = 0;
  let high = statesAfter.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (statesAfter[middle]! > made) high = middle;
    else low = middle + 1;
  }
  const maker = phrases[low]!;
  return maker.slice(0, maker.length - (statesAfter[low]! - 1 - made));
}
