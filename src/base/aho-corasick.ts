// Finds any of many phrases in one pass over a text (Aho and Corasick, 1975).
//
// Failure links are followed down to the root when they are built, and output links lead to every
// phrase that is a suffix of what was read. libmodsecurity takes one step only and so misses
// `apache/conf` inside `etc/apache/conf` when `etc/apache2` is in the list, too.
//
// States are numbered by depth. As many as fit the budget get a complete row in a table: all of them for
// most lists, the shallow ones, where a text spends its time, for the largest. The others keep their few
// edges and fall back along failure links.

import {
  buildMachine,
  buildTrie,
  firstOutput,
  type Machine,
  type Numbers,
  numbersUpTo,
  pathTo,
} from './phrase-machine.ts';

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
  /** Budget for complete rows; beyond it states cost about 20 bytes and are slower. Default 256 KiB. */
  readonly maxTableBytes?: number;
}

/** Calls `visit` for each state with output that is entered; a true answer stops the walk. */
type Walk = (text: string, visit: (state: number, end: number) => boolean) => void;

const DEFAULT_TABLE_BYTES = 256 * 1024;

/** Empty phrases are kept in the numbering but never found. */
export function buildAhoCorasick(
  phrases: readonly string[],
  options: AhoCorasickOptions = {},
): AhoCorasick {
  const trie = buildTrie(phrases, options.caseless ?? false);
  const machine = buildMachine(trie);
  const tableBytes = options.maxTableBytes ?? DEFAULT_TABLE_BYTES;
  const rowBytes = numbersUpTo(machine.stateCount).BYTES_PER_ELEMENT * machine.classCount;
  const rows = Math.min(machine.stateCount, Math.floor(tableBytes / rowBytes));
  const table = buildTable(machine, Math.max(1, rows));
  const walk = buildWalk(machine, table);
  const { phraseAt, output, trieState } = machine;
  const { twin, statesAfter } = trie;

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
      const phrase = phraseAt[firstOutput(machine, state)]!;
      hit = { end, phrase, path: pathTo(trieState[state]!, phrases, statesAfter) };
      return true;
    });
    return hit;
  };
  const scan = (text: string, onHit: (phrase: number, end: number) => void): void =>
    walk(text, (state, end) => {
      for (let at = firstOutput(machine, state); at > 0; at = output[at]!) {
        for (let phrase = phraseAt[at]!; phrase >= 0; phrase = twin[phrase]!) onHit(phrase, end);
      }
      return false;
    });
  const mark = (text: string, bits: Int32Array): void =>
    walk(text, (state) => {
      for (let at = firstOutput(machine, state); at > 0; at = output[at]!) {
        const known = phraseAt[at]!;
        // Whatever marked this phrase went on along the same output links.
        if ((bits[known >> 5]! & (1 << (known & 31))) !== 0) return false;
        for (let phrase = known; phrase >= 0; phrase = twin[phrase]!) {
          bits[phrase >> 5] = bits[phrase >> 5]! | (1 << (phrase & 31));
        }
      }
      return false;
    });
  const kept = [table, phraseAt, output, trieState, twin, statesAfter];
  if (rows < machine.stateCount) kept.push(machine.childFrom, machine.failure);
  return Object.freeze({
    phrases,
    stateCount: machine.stateCount,
    byteLength: kept.reduce((sum, array) => sum + array.byteLength, 0),
    test,
    first,
    scan,
    mark,
  });
}

/** Complete rows of the first states. A target with output is stored as its complement. */
function buildTable(machine: Machine, rows: number): Numbers {
  const { classCount: stride, symbol, childFrom, failure } = machine;
  const table = new (numbersUpTo(machine.stateCount))(rows * stride);
  for (let state = 0; state < rows; state++) {
    const row = state * stride;
    const failureRow = failure[state]! * stride;
    if (state !== 0) table.copyWithin(row, failureRow, failureRow + stride);
    const end = childFrom[state + 1]!;
    for (let child = childFrom[state]!; child < end; child++) {
      table[row + symbol[child]!] = firstOutput(machine, child) !== 0 ? ~child : child;
    }
  }
  return table;
}

function buildWalk(machine: Machine, table: Numbers): Walk {
  const { classes, classCount: stride } = machine;
  const rows = table.length / stride;
  if (rows === machine.stateCount) {
    return (text, visit) => {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        state = table[state * stride + classes[text.charCodeAt(at) & 0xff]!]!;
        if (state < 0) {
          state = ~state;
          if (visit(state, at + 1)) return;
        }
      }
    };
  }
  const { symbol, childFrom, failure } = machine;
  const step = (from: number, wanted: number): number => {
    for (let state = from; ; state = failure[state]!) {
      if (state < rows) return table[state * stride + wanted]!;
      const end = childFrom[state + 1]!;
      for (let child = childFrom[state]!; child < end; child++) {
        if (symbol[child] !== wanted) continue;
        return firstOutput(machine, child) !== 0 ? ~child : child;
      }
    }
  };
  return (text, visit) => {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const wanted = classes[text.charCodeAt(at) & 0xff]!;
      state = state < rows ? table[state * stride + wanted]! : step(state, wanted);
      if (state < 0) {
        state = ~state;
        if (visit(state, at + 1)) return;
      }
    }
  };
}
