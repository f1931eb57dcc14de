// Finds text that every match must contain, so that most values never reach the automaton.
//
// The answer is one-sided: "none of these occurs" has to prove that there is no match. A literal wrongly
// called required does not slow a request down, it lets an attack through. So a node that is not
// understood contributes nothing.

import type { WholeLiterals } from '../model/operator.ts';
import type { Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import { bytesOf, sizeOf } from './byte-set.ts';
import { cover, probability, rarestProbability } from './windows.ts';

export interface LiteralSet {
  /**
   * A subject that matches contains at least one of these once its A-Z are lower-cased. Lower case
   * themselves, 1 to 6 bytes, none inside another.
   */
  readonly literals: readonly string[];
  /** What it contains one of, too. */
  readonly wholes: WholeLiterals;
  /** Expected occurrences per byte of ordinary traffic: lower is better. */
  readonly score: number;
}

const MAX_EXACT = 256;
const MAX_CLASS = 12;
const MAX_OPTIONS = 2_000;
/** While a sequence is put together, its strings may be longer than what is kept of them. */
const MAX_GROWN_BYTES = 24;

/**
 * What every match of the pattern contains, or undefined when nothing useful is known, or no more than so many
 * alternatives.
 */
export function requiredLiterals(
  root: Node,
  mostOptions: number = MAX_OPTIONS,
): LiteralSet | undefined {
  const found = new Finder(mostOptions).required(root);
  if (found === undefined) return undefined;
  const { windows: literals, wholes } = cover(found.strings);
  return {
    literals,
    wholes,
    score: literals.reduce((sum, literal) => sum + probability(literal), 0),
  };
}

type Strings = readonly string[];

/** A set that might become the answer; its score is that of its windows. */
interface Candidate {
  readonly strings: Strings;
  readonly score: number;
}

interface Run {
  readonly best: Candidate | undefined;
  /** The first item that the run does not cover. */
  readonly next: number;
}

class Finder {
  // Null stands for what is known not to be there.
  private readonly exactOf = new Map<Node, Strings | null>();
  /** Literals share their sets. */
  private readonly bytesOfSet = new Map<ByteSet, Strings | null>();
  private readonly edgeOf = {
    start: new Map<Node, Strings | null>(),
    end: new Map<Node, Strings | null>(),
  };

  private readonly mostOptions: number;

  constructor(mostOptions: number) {
    this.mostOptions = mostOptions;
  }

  required(node: Node): Candidate | undefined {
    switch (node.kind) {
      case 'set':
        return candidate(this.exact(node));
      case 'sequence':
        return this.requiredInSequence(flatten(node.items));
      case 'choice':
        return better(this.requiredInChoice(node.options), candidate(this.exact(node)));
      case 'group':
      case 'atomic':
        return this.required(node.body);
      case 'repeat':
        if (node.min === 0) return undefined;
        return better(this.required(node.body), candidate(this.exact(node)));
      case 'look':
        // What it sees ahead or behind is in the subject as well.
        return node.negated ? undefined : this.required(node.body);
      case 'assert':
      case 'backreference':
      case 'foreign':
        return undefined;
    }
  }

  private requiredInChoice(options: readonly Node[]): Candidate | undefined {
    const all: string[] = [];
    for (const option of options) {
      const found = this.required(option);
      if (found === undefined) return undefined;
      for (const string of found.strings) all.push(string);
      if (all.length > this.mostOptions) return undefined;
    }
    return candidate(all);
  }

  /** The best set over runs of neighbours whose strings are all known. */
  private requiredInSequence(items: readonly Node[]): Candidate | undefined {
    const word = this.word(items);
    if (word !== undefined) return candidate([word]);
    let best: Candidate | undefined;
    let at = 0;
    while (at < items.length) {
      const item = items[at]!;
      const exact = this.exact(item);
      if (exact === undefined || item.kind === 'look') {
        best = better(best, this.required(item));
        at++;
        continue;
      }
      // A run starts here, preferably with what the item before must end with.
      const before = at > 0 ? this.edge(items[at - 1]!, 'end') : undefined;
      const plain = this.grow(items, at, ['']);
      best = better(best, plain.best);
      if (before !== undefined) best = better(best, this.grow(items, at, before).best);
      at = plain.next;
    }
    return best;
  }

  /** What the items spell when there is one way to, which is what most alternatives are: it need not be grown. */
  private word(items: readonly Node[]): string | undefined {
    if (items.length === 0 || items.length > MAX_GROWN_BYTES) return undefined;
    let word = '';
    for (const item of items) {
      if (item.kind !== 'set') return undefined;
      const exact = this.exactSet(item.set);
      if (exact?.length !== 1) return undefined;
      word += exact[0]!;
    }
    return word;
  }

  private grow(items: readonly Node[], from: number, start: Strings): Run {
    let best: Candidate | undefined;
    let run: Strings = start;
    let at = from;
    for (; at < items.length; at++) {
      const item = items[at]!;
      const exact = this.exact(item);
      const step = exact ?? this.edge(item, 'start');
      // More strings can be worse than fewer; one byte more on each never is.
      if (step === undefined || step.length > 1) best = better(best, candidate(run));
      const grown = step === undefined ? undefined : cross(run, step, MAX_EXACT);
      if (grown === undefined) break;
      run = grown;
      if (exact === undefined) break;
      if (longest(run) > MAX_GROWN_BYTES) {
        at++;
        break;
      }
    }
    return { best: better(best, candidate(run)), next: Math.max(at, from + 1) };
  }

  /** All strings `node` can match, when they are few. */
  private exact(node: Node): Strings | undefined {
    if (node.kind === 'set') return this.exactSet(node.set);
    let known = this.exactOf.get(node);
    if (known === undefined) {
      known = this.findExact(node) ?? null;
      this.exactOf.set(node, known);
    }
    return known ?? undefined;
  }

  private exactSet(set: ByteSet): Strings | undefined {
    let known = this.bytesOfSet.get(set);
    if (known === undefined) {
      known = foldedBytes(set) ?? null;
      this.bytesOfSet.set(set, known);
    }
    return known ?? undefined;
  }

  private findExact(node: Node): Strings | undefined {
    switch (node.kind) {
      case 'set':
        return this.exactSet(node.set);
      case 'assert':
      case 'look':
        return [''];
      case 'sequence': {
        const word = this.word(node.items);
        if (word !== undefined) return [word];
        let run: Strings | undefined = [''];
        for (const item of node.items) {
          const step = this.exact(item);
          run = step === undefined ? undefined : cross(run, step, MAX_EXACT);
          if (run === undefined) return undefined;
        }
        return run;
      }
      case 'choice':
        return fewOf(node.options, (option) => this.exact(option));
      case 'group':
      case 'atomic':
        return this.exact(node.body);
      case 'repeat':
        return this.exactRepeat(node.body, node.min, node.max);
      case 'backreference':
      case 'foreign':
        return undefined;
    }
  }

  private exactRepeat(body: Node, min: number, max: number): Strings | undefined {
    if (max > 8) return undefined;
    const once = this.exact(body);
    if (once === undefined) return undefined;
    const all = new Set<string>();
    let run: Strings | undefined = [''];
    for (let count = 0; count <= max; count++) {
      if (count >= min) for (const string of run) all.add(string);
      if (all.size > MAX_EXACT) return undefined;
      if (count === max) break;
      run = cross(run, once, MAX_EXACT);
      if (run === undefined) return undefined;
    }
    return [...all];
  }

  /** Strings one of which every match of `node` starts or ends with; undefined when it may be empty. */
  private edge(node: Node, side: 'start' | 'end'): Strings | undefined {
    let known = this.edgeOf[side].get(node);
    if (known === undefined) {
      known = this.findEdge(node, side) ?? null;
      this.edgeOf[side].set(node, known);
    }
    return known ?? undefined;
  }

  private findEdge(node: Node, side: 'start' | 'end'): Strings | undefined {
    const exact = this.exact(node);
    if (exact !== undefined) return exact.includes('') ? undefined : exact;
    switch (node.kind) {
      case 'group':
      case 'atomic':
        return this.edge(node.body, side);
      case 'repeat':
        return node.min === 0 ? undefined : this.edge(node.body, side);
      case 'choice':
        return fewOf(node.options, (option) => this.edge(option, side));
      case 'sequence':
        return this.sequenceEdge(node.items, side);
      case 'set':
      case 'assert':
      case 'look':
      case 'backreference':
      case 'foreign':
        return undefined;
    }
  }

  private sequenceEdge(items: readonly Node[], side: 'start' | 'end'): Strings | undefined {
    const inward = side === 'start' ? items : [...items].reverse();
    let run: Strings = [''];
    for (const item of inward) {
      const exact = this.exact(item);
      const step = exact ?? this.edge(item, side);
      if (step === undefined) break;
      const grown = side === 'start' ? cross(run, step, MAX_EXACT) : cross(step, run, MAX_EXACT);
      if (grown === undefined) break;
      run = grown;
      if (exact === undefined || longest(run) > MAX_GROWN_BYTES) break;
    }
    return run.includes('') ? undefined : run;
  }
}

function flatten(items: readonly Node[]): readonly Node[] {
  if (!items.some((item) => item.kind === 'sequence')) return items;
  return items.flatMap((item) => (item.kind === 'sequence' ? flatten(item.items) : [item]));
}

/** The bytes of a small class, A-Z lower-cased. */
function foldedBytes(set: ByteSet): Strings | undefined {
  const size = sizeOf(set);
  if (size === 0 || size > MAX_CLASS * 2) return undefined;
  const folded: string[] = [];
  for (const byte of bytesOf(set)) {
    const char = String.fromCharCode(byte >= 65 && byte <= 90 ? byte + 32 : byte);
    if (!folded.includes(char)) folded.push(char);
  }
  return folded.length > MAX_CLASS ? undefined : folded;
}

function cross(left: Strings, right: Strings, most: number): Strings | undefined {
  if (left.length * right.length > most) return undefined;
  if (left.length === 1 && right.length === 1) return [left[0]! + right[0]!];
  // Both are free of duplicates, and so is what one string makes of them.
  if (right.length === 1) return left.map((head) => head + right[0]!);
  if (left.length === 1) return right.map((tail) => left[0]! + tail);
  const all: string[] = [];
  for (const head of left) for (const tail of right) all.push(head + tail);
  return haveOneLength(left) || haveOneLength(right) ? all : distinct(all);
}

/** Then two of them, with something behind or in front, are the same only where both parts are. */
function haveOneLength(strings: Strings): boolean {
  return strings.every(({ length }) => length === strings[0]!.length);
}

/** The strings of all options, none twice; undefined when one has none to tell or they are too many. */
function fewOf(
  options: readonly Node[],
  stringsOf: (option: Node) => Strings | undefined,
): Strings | undefined {
  let all: Strings = [];
  for (const option of options) {
    const strings = stringsOf(option);
    if (strings === undefined) return undefined;
    all = all.length === 0 ? strings : all.concat(strings);
    if (all.length <= MAX_EXACT) continue;
    all = distinct(all);
    if (all.length > MAX_EXACT) return undefined;
  }
  return distinct(all);
}

/** In the order of first occurrence. */
function distinct(strings: Strings): Strings {
  const all = new Set(strings);
  return all.size === strings.length ? strings : [...all];
}

function longest(strings: Strings): number {
  let length = 0;
  for (const string of strings) if (string.length > length) length = string.length;
  return length;
}

function better(left: Candidate | undefined, right: Candidate | undefined): Candidate | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left.score <= right.score ? left : right;
}

/** Undefined when one of the strings is empty, since that requires nothing. */
function candidate(strings: Strings | undefined): Candidate | undefined {
  if (strings === undefined || strings.length === 0) return undefined;
  let score = strings.length * LITERAL_COST;
  for (const string of strings) {
    if (string === '') return undefined;
    score += rarestProbability(string);
  }
  return { strings, score };
}

/** Keeps sets that are no more selective from growing large. */
const LITERAL_COST = 1e-7;
