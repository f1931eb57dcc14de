// Regular patterns as nondeterministic programs, the input of both automata.
//
// Instructions are parallel arrays; `x` and `y` are targets, except where stated. A program for
// decisions leaves groups out. A program for captures keeps them and follows PCRE to the letter where
// a loop's body can match nothing: such an iteration ends the loop. It does so by holding two copies
// of the body, for iterations that have and have not consumed something yet; no cycle without a
// consumed byte is left, so the paths of the program are exactly PCRE's.

import type { Alphabet } from './alphabet.ts';
import { buildAlphabet } from './alphabet.ts';
import type { Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import { keyOf } from './byte-set.ts';
import type { Test, TestKind } from './position-test.ts';
import { ASKED, askedAfter, askedBefore } from './position-test.ts';
import { oneByteSet } from './simplify.ts';
import { minWidth } from './width.ts';

/** Consumes a byte of set `x`, goes on at `y`. */
export const BYTE = 0;
/** Tries `x` first, then `y`. */
export const SPLIT = 1;
/** Goes on at `y` if test `x` holds. */
export const TEST = 2;
/** Stores the position in slot `x`, goes on at `y`. */
export const SAVE = 3;
export const MATCH = 4;

export interface Program {
  readonly op: Uint8Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly sets: readonly ByteSet[];
  readonly tests: readonly Test[];
  readonly start: number;
  readonly size: number;
  readonly alphabet: Alphabet;
  /** Masks of what tests ask about the symbol before, and after. */
  readonly asksBefore: number;
  readonly asksAfter: number;
  /** For each set and symbol whether the set has it: row `set * alphabet.size`. */
  readonly accepts: Uint8Array;
}

/**
 * Both programs of a pattern share their alphabet: pass the decision program's for the other.
 */
export function buildProgram(root: Node, captures: boolean, alphabet?: Alphabet): Program {
  const builder = new Builder(captures, alphabet?.asked ?? []);
  const start = builder.root(root);
  return builder.finish(start, alphabet);
}

/** Where to go on: `empty` when nothing was consumed since the innermost loop iteration began. */
interface Next {
  readonly empty: number;
  readonly moved: number;
}

class Builder {
  private readonly op: number[] = [];
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private readonly sets: ByteSet[] = [];
  private readonly setIndex = new Map<string, number>();
  /** Literals share their sets, so most are found without a key. */
  private readonly knownSets = new Map<ByteSet, number>();
  private readonly tests: Test[] = [];
  private readonly testIndex = new Map<string, number>();
  private readonly asked: ByteSet[];
  private readonly captures: boolean;

  constructor(captures: boolean, asked: readonly ByteSet[]) {
    this.captures = captures;
    this.asked = [...asked];
  }

  root(root: Node): number {
    const match = this.add(MATCH, 0, 0);
    const close = this.captures ? this.add(SAVE, 1, match) : match;
    const body = this.entry(root, { empty: close, moved: close });
    return this.captures ? this.add(SAVE, 0, body) : body;
  }

  private add(op: number, x: number, y: number): number {
    this.op.push(op);
    this.x.push(x);
    this.y.push(y);
    return this.op.length - 1;
  }

  /** Programs are built from the end: the entry of `node` that goes on at `next`. */
  private entry(node: Node, next: Next): number {
    switch (node.kind) {
      case 'set':
        return this.add(BYTE, this.setNumber(node.set), next.moved);
      case 'assert':
        return this.add(TEST, this.testNumber(node.what), next.empty);
      case 'look': {
        const kind = node.behind ? 'behind' : 'ahead';
        const set = oneByteSet(node.body)!;
        return this.add(
          TEST,
          this.testNumber(node.negated ? `not-${kind}` : kind, set),
          next.empty,
        );
      }
      case 'sequence': {
        let from = next;
        for (let at = node.items.length - 1; at > 0; at--) from = this.both(node.items[at]!, from);
        const first = node.items[0];
        return first === undefined ? from.empty : this.entry(first, from);
      }
      case 'choice': {
        // Halves of halves, so that few forks lead to each of many options.
        const fork = (low: number, high: number): number => {
          if (high - low === 1) return this.entry(node.options[low]!, next);
          const middle = (low + high) >> 1;
          const behind = fork(middle, high);
          return this.add(SPLIT, fork(low, middle), behind);
        };
        return fork(0, node.options.length);
      }
      case 'group': {
        if (!this.captures) return this.entry(node.body, next);
        const close = this.map(next, (to) => this.add(SAVE, node.index * 2 + 1, to));
        return this.add(SAVE, node.index * 2, this.entry(node.body, close));
      }
      case 'repeat':
        return this.repeat(node.body, node.min, node.max, node.mode === 'lazy', next);
      case 'atomic':
      case 'backreference':
      case 'foreign':
        throw new TypeError(`not regular: ${node.kind}`);
    }
  }

  /** Entries of `node` for both states of the iteration it stands in. */
  private both(node: Node, next: Next): Next {
    const moved = this.entry(node, { empty: next.moved, moved: next.moved });
    if (next.empty === next.moved || minWidth(node) > 0) return { empty: moved, moved };
    return { empty: this.entry(node, next), moved };
  }

  private map(next: Next, make: (to: number) => number): Next {
    const moved = make(next.moved);
    return { empty: next.empty === next.moved ? moved : make(next.empty), moved };
  }

  private repeat(body: Node, min: number, max: number, lazy: boolean, next: Next): number {
    let from = next;
    let copies = min;
    if (max === Infinity) {
      // PCRE's `{n,}` is n copies, the last of which loops; `*` makes that one optional.
      const loop = this.loop(body, lazy, next);
      if (min === 0) return this.split(loop.empty, next.empty, lazy);
      from = loop;
      copies = min - 1;
    } else {
      const exit = next;
      for (let copy = min; copy < max; copy++) {
        const again = this.both(body, from);
        const moved = this.split(again.moved, exit.moved, lazy);
        const same = again.empty === again.moved && exit.empty === exit.moved;
        from = { empty: same ? moved : this.split(again.empty, exit.empty, lazy), moved };
      }
    }
    for (let copy = 0; copy < copies; copy++) from = this.both(body, from);
    return from.empty;
  }

  /** One or more times `body`. */
  private loop(body: Node, lazy: boolean, next: Next): Next {
    const again = this.split(0, next.moved, lazy);
    const head = lazy ? this.y : this.x;
    if (!this.captures || minWidth(body) > 0) {
      const moved = this.entry(body, { empty: again, moved: again });
      head[again] = moved;
      return { empty: moved, moved };
    }
    const moved = this.entry(body, { empty: next.moved, moved: again });
    head[again] = moved;
    if (next.empty === next.moved) return { empty: moved, moved };
    return { empty: this.entry(body, { empty: next.empty, moved: again }), moved };
  }

  private split(into: number, past: number, lazy: boolean): number {
    return lazy ? this.add(SPLIT, past, into) : this.add(SPLIT, into, past);
  }

  private setNumber(set: ByteSet): number {
    const known = this.knownSets.get(set);
    if (known !== undefined) return known;
    const key = keyOf(set);
    let number = this.setIndex.get(key);
    if (number === undefined) {
      number = this.sets.push(set) - 1;
      this.setIndex.set(key, number);
    }
    this.knownSets.set(set, number);
    return number;
  }

  private testNumber(kind: TestKind, set?: ByteSet): number {
    const asked = set ?? ASKED[kind];
    const bit = asked === undefined ? 0 : this.askedBit(asked);
    const key = `${kind} ${bit}`;
    let number = this.testIndex.get(key);
    if (number === undefined) {
      number = this.tests.push({ kind, bit }) - 1;
      this.testIndex.set(key, number);
    }
    return number;
  }

  private askedBit(set: ByteSet): number {
    const key = keyOf(set);
    let at = this.asked.findIndex((known) => keyOf(known) === key);
    if (at < 0) at = this.asked.push(set) - 1;
    return 1 << at;
  }

  finish(start: number, shared: Alphabet | undefined): Program {
    const { sets, tests } = this;
    const asksLastNewline = tests.some((test) => test.kind === 'subject-end-or-last-newline');
    const alphabet = shared ?? buildAlphabet(sets, this.asked, asksLastNewline);
    const accepts = new Uint8Array(sets.length * alphabet.size);
    sets.forEach((set, row) => {
      for (let symbol = 0; symbol < alphabet.end; symbol++) {
        const byte = alphabet.byteOf[symbol]!;
        accepts[row * alphabet.size + symbol] = (set[byte >>> 5]! >>> (byte & 31)) & 1;
      }
    });
    const asksBefore = tests.reduce((mask, test) => mask | askedBefore(test), 0);
    const asksAfter = tests.reduce((mask, test) => mask | askedAfter(test), 0);
    return {
      op: Uint8Array.from(this.op),
      x: Int32Array.from(this.x),
      y: Int32Array.from(this.y),
      sets,
      tests,
      start,
      size: this.op.length,
      alphabet,
      asksBefore,
      asksAfter,
      accepts,
    };
  }
}
