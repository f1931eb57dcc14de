// Finds any of many phrases in one pass over a text (Aho and Corasick, 1975).
//
// Failure links are followed down to the root when they are built, and output links lead to every
// phrase that is a suffix of what was read. libmodsecurity takes one step only and so misses
// `apache/conf` inside `etc/apache/conf` when `etc/apache2` is in the list, too.
//
// The trie becomes a table with a complete row per state, or, when that would be too big, rows only for
// states with many children; the others keep their few edges and fall back along failure links.

/** What ended first. */
export interface PhraseHit {
  /** Offset behind the last char of the phrase. */
  readonly end: number;
  /** Index of the longest phrase that ends there. */
  readonly phrase: number;
  /**
   * What the automaton had recognised by then, spelled as in the first phrase that begins like that.
   * It ends with the phrase, but is longer when the phrase lies inside the beginning of another one.
   */
  readonly path: string;
}

export interface AhoCorasick {
  readonly phrases: readonly string[];
  readonly stateCount: number;
  /** Bytes held by the tables. */
  readonly byteLength: number;
  /** True when any phrase occurs. */
  readonly test: (text: string) => boolean;
  /** The phrase that ends first, or null. */
  readonly first: (text: string) => PhraseHit | null;
  /** Every occurrence of every phrase, by rising end. Costs as much as there are occurrences. */
  readonly scan: (text: string, onHit: (phrase: number, end: number) => void) => void;
  /**
   * Sets the bit of every phrase that occurs: phrase 33 is bit 1 of `bits[1]`. Bits already set count as
   * found earlier in the same text, so clear them first. Linear in the text, however many hits.
   */
  readonly mark: (text: string, bits: Int32Array) => void;
}

export interface AhoCorasickOptions {
  /** ASCII letters match in both cases. Default false. */
  readonly caseless?: boolean;
  /** Above this many bytes the table of complete rows gives way to the smaller form. Default 2 MiB. */
  readonly maxTableBytes?: number;
}

/** Calls `visit` for each state with output that is entered; a true answer stops the walk. */
type Walk = (text: string, visit: (state: number, end: number) => boolean) => void;

interface Trie {
  readonly stateCount: number;
  readonly classes: Uint8Array;
  readonly classCount: number;
  /** Class of the char that leads into a state. */
  readonly symbol: Uint8Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** Phrase that ends in a state, or -1. Equal phrases are chained by `twin`. */
  readonly phraseAt: Int32Array;
  readonly twin: Int32Array;
  /** Number of states after each phrase went in: tells which phrase made a state, and how deep it is. */
  readonly statesAfter: Int32Array;
}

interface Links {
  /** States by rising depth, the root first. */
  readonly order: Int32Array;
  readonly failure: Int32Array;
  /** Nearest shorter suffix state in which a phrase ends, or 0. */
  readonly output: Int32Array;
}

interface Tables {
  readonly walk: Walk;
  readonly byteLength: number;
}

const DEFAULT_TABLE_BYTES = 2 * 1024 * 1024;
const MAX_EDGES_WITHOUT_ROW = 4;

/** Empty phrases are kept in the numbering but never found. */
export function buildAhoCorasick(
  phrases: readonly string[],
  options: AhoCorasickOptions = {},
): AhoCorasick {
  const trie = buildTrie(phrases, options.caseless ?? false);
  const links = buildLinks(trie);
  const cells = trie.stateCount * trie.classCount;
  const { walk, byteLength } =
    cells * 4 <= (options.maxTableBytes ?? DEFAULT_TABLE_BYTES)
      ? denseTables(trie, links)
      : sparseTables(trie, links);
  const { phraseAt, twin } = trie;
  const { output } = links;

  const test = (text: string): boolean => {
    let found = false;
    walk(text, () => {
      found = true;
      return true;
    });
    return found;
  };
  const first = (text: string): PhraseHit | null => {
    let hit: PhraseHit | null = null;
    walk(text, (state, end) => {
      const phrase = phraseAt[state]! >= 0 ? phraseAt[state]! : phraseAt[output[state]!]!;
      hit = { end, phrase, path: pathTo(state, phrases, trie) };
      return true;
    });
    return hit;
  };
  const scan = (text: string, onHit: (phrase: number, end: number) => void): void =>
    walk(text, (state, end) => {
      for (let at = phraseAt[state]! >= 0 ? state : output[state]!; at > 0; at = output[at]!) {
        for (let phrase = phraseAt[at]!; phrase >= 0; phrase = twin[phrase]!) onHit(phrase, end);
      }
      return false;
    });
  const mark = (text: string, bits: Int32Array): void =>
    walk(text, (state) => {
      for (let at = phraseAt[state]! >= 0 ? state : output[state]!; at > 0; at = output[at]!) {
        const known = phraseAt[at]!;
        // Whatever marked this phrase went on along the same output links.
        if ((bits[known >> 5]! & (1 << (known & 31))) !== 0) return false;
        for (let phrase = known; phrase >= 0; phrase = twin[phrase]!) {
          bits[phrase >> 5] = bits[phrase >> 5]! | (1 << (phrase & 31));
        }
      }
      return false;
    });
  return Object.freeze({
    phrases,
    stateCount: trie.stateCount,
    byteLength: byteLength + phraseAt.byteLength + output.byteLength + trie.statesAfter.byteLength,
    test,
    first,
    scan,
    mark,
  });
}

function buildTrie(phrases: readonly string[], caseless: boolean): Trie {
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
    symbol: symbol.slice(0, stateCount),
    firstChild,
    nextSibling,
    phraseAt: phraseAt.slice(0, stateCount),
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
    for (let at = 0; at < phrase.length; at++) used[phrase.charCodeAt(at) & 0xff] = 1;
  }
  const isLower = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
  const classes = new Uint8Array(256);
  // With all 256 bytes in use no class is left for "none", and none is needed.
  const all = !caseless && !used.includes(0);
  let classCount = all ? 0 : 1;
  for (let byte = 255; byte >= 0; byte--) {
    if (caseless && isLower(byte | 0x20) && (byte & 0x40) !== 0) {
      if (isLower(byte)) {
        if (used[byte] || used[byte - 0x20]) classes[byte] = classCount++;
      } else {
        classes[byte] = classes[byte + 0x20]!;
      }
    } else if (used[byte]) {
      classes[byte] = classCount++;
    }
  }
  return { classes, classCount, length };
}

function buildLinks(trie: Trie): Links {
  const { stateCount, symbol, firstChild, nextSibling, phraseAt } = trie;
  const order = new Int32Array(stateCount);
  const failure = new Int32Array(stateCount);
  const output = new Int32Array(stateCount);
  let queued = 1;
  for (let at = 0; at < queued; at++) {
    const parent = order[at]!;
    for (let state = firstChild[parent]!; state !== 0; state = nextSibling[state]!) {
      order[queued++] = state;
      if (parent === 0) continue;
      let suffix = failure[parent]!;
      let next = childOf(trie, suffix, symbol[state]!);
      while (next === 0 && suffix !== 0) {
        suffix = failure[suffix]!;
        next = childOf(trie, suffix, symbol[state]!);
      }
      failure[state] = next;
      output[state] = phraseAt[next]! >= 0 ? next : output[next]!;
    }
  }
  return { order, failure, output };
}

function childOf(trie: Trie, state: number, wanted: number): number {
  let child = trie.firstChild[state]!;
  while (child !== 0 && trie.symbol[child] !== wanted) child = trie.nextSibling[child]!;
  return child;
}

/** States are offsets of their rows; one with output is stored as its complement. */
function denseTables(trie: Trie, links: Links): Tables {
  const { stateCount, classes, classCount: stride, symbol, firstChild, nextSibling } = trie;
  const table = new Int32Array(stateCount * stride);
  for (const state of links.order) {
    const row = state * stride;
    const failureRow = links.failure[state]! * stride;
    if (state !== 0) table.copyWithin(row, failureRow, failureRow + stride);
    for (let child = firstChild[state]!; child !== 0; child = nextSibling[child]!) {
      const target = child * stride;
      table[row + symbol[child]!] = hasOutput(trie, links, child) ? ~target : target;
    }
  }
  const walk: Walk = (text, visit) => {
    let row = 0;
    for (let at = 0; at < text.length; at++) {
      row = table[row + classes[text.charCodeAt(at) & 0xff]!]!;
      if (row < 0) {
        row = ~row;
        if (visit(row / stride, at + 1)) return;
      }
    }
  };
  return { walk, byteLength: table.byteLength };
}

function sparseTables(trie: Trie, links: Links): Tables {
  const { stateCount, classes, classCount: stride, symbol, firstChild, nextSibling } = trie;
  const { failure } = links;
  const edgesFrom = new Int32Array(stateCount + 1);
  const edges = new Int32Array(stateCount);
  const rowOf = new Int32Array(stateCount).fill(-1);
  let edgeCount = 0;
  let rowCount = 0;
  for (let state = 0; state < stateCount; state++) {
    edgesFrom[state] = edgeCount;
    for (let child = firstChild[state]!; child !== 0; child = nextSibling[child]!) {
      edges[edgeCount++] = child;
    }
    if (state === 0 || edgeCount - edgesFrom[state]! > MAX_EDGES_WITHOUT_ROW) {
      rowOf[state] = rowCount++ * stride;
    }
  }
  edgesFrom[stateCount] = edgeCount;
  const table = new Int32Array(rowCount * stride);
  const output = Uint8Array.from({ length: stateCount }, (_, state) =>
    hasOutput(trie, links, state) ? 1 : 0,
  );

  const step = (from: number, wanted: number): number => {
    for (let state = from; ; state = failure[state]!) {
      const row = rowOf[state]!;
      if (row >= 0) return table[row + wanted]!;
      const end = edgesFrom[state + 1]!;
      for (let edge = edgesFrom[state]!; edge < end; edge++) {
        if (symbol[edges[edge]!] === wanted) return edges[edge]!;
      }
    }
  };
  for (const state of links.order) {
    const row = rowOf[state]!;
    if (row < 0) continue;
    if (state !== 0) {
      for (let wanted = 0; wanted < stride; wanted++) {
        table[row + wanted] = step(failure[state]!, wanted);
      }
    }
    for (let child = firstChild[state]!; child !== 0; child = nextSibling[child]!) {
      table[row + symbol[child]!] = child;
    }
  }
  const walk: Walk = (text, visit) => {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      state = step(state, classes[text.charCodeAt(at) & 0xff]!);
      if (output[state] !== 0 && visit(state, at + 1)) return;
    }
  };
  const arrays = [edgesFrom, edges, rowOf, table, output, symbol, failure];
  return { walk, byteLength: arrays.reduce((sum, array) => sum + array.byteLength, 0) };
}

function hasOutput(trie: Trie, links: Links, state: number): boolean {
  return trie.phraseAt[state]! >= 0 || links.output[state] !== 0;
}

/** A phrase makes its new states in one go, the last of them at its full length. */
function pathTo(state: number, phrases: readonly string[], trie: Trie): string {
  const { statesAfter } = trie;
  let low = 0;
  let high = statesAfter.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (statesAfter[middle]! > state) high = middle;
    else low = middle + 1;
  }
  const maker = phrases[low]!;
  return maker.slice(0, maker.length - (statesAfter[low]! - 1 - state));
}
