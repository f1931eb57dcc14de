// Rewrites that bring a pattern into the regular subset without changing any of its matches.
//
// Possessive quantifiers and atomic groups forbid backtracking. Where backtracking could not succeed
// anyway (`[a-z]++=`: no letter given back can be the `=`), the plain form has the same matches, and
// unlike the written one it can be run by an automaton.

import type { AtomicNode, Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import { ANY_BYTE, intersects, NO_BYTE, union } from './byte-set.ts';
import { minWidth } from './width.ts';

/** What comes behind a node, up to the end of the match. Too large a set is safe, too small is not. */
interface Follow {
  /** What the next consumed byte can be. */
  readonly first: ByteSet;
  /** Whether the match can end without consuming another byte. */
  readonly mayEnd: boolean;
  /** Whether the match always ends right here, so that nothing could ask for backtracking. */
  readonly ends: boolean;
}

const UNKNOWN: Follow = { first: ANY_BYTE, mayEnd: true, ends: false };
const END: Follow = { first: NO_BYTE, mayEnd: true, ends: true };

export function simplify(root: Node): Node {
  return rewrite(root, END);
}

function rewrite(node: Node, follow: Follow): Node {
  switch (node.kind) {
    case 'set':
    case 'assert':
    case 'backreference':
    case 'foreign':
      return node;
    case 'sequence': {
      const items: Node[] = [];
      let behind = follow;
      for (let at = node.items.length - 1; at >= 0; at--) {
        const item = node.items[at]!;
        items.unshift(rewrite(item, behind));
        behind = before(item, behind);
      }
      return { kind: 'sequence', items };
    }
    case 'choice':
      return { ...node, options: node.options.map((option) => rewrite(option, follow)) };
    case 'group':
      return { ...node, body: rewrite(node.body, follow) };
    case 'look':
      // A lookaround ends where its body does.
      return { ...node, body: rewrite(node.body, END) };
    case 'atomic':
      return rewriteAtomic(node, follow);
    case 'repeat': {
      // One more iteration may follow the body.
      const inner = node.max > 1 ? UNKNOWN : follow;
      const body = rewrite(node.body, node.mode === 'possessive' ? UNKNOWN : inner);
      if (node.mode !== 'possessive') return { ...node, body };
      if (body.kind === 'set' && settled(body.set, follow)) {
        return { ...node, body, mode: 'greedy' };
      }
      return { ...node, body };
    }
  }
}

/** What can follow an item that stands before `item`. */
function before(item: Node, behind: Follow): Follow {
  if (minWidth(item) > 0) return { first: firstBytes(item), mayEnd: false, ends: false };
  if (item.kind === 'sequence' && item.items.length === 0) return behind;
  const first = union(firstBytes(item), behind.first);
  return { first, mayEnd: behind.mayEnd, ends: false };
}

/** Whether giving back bytes of `set` can never lead to a match that keeping them does not. */
function settled(set: ByteSet, follow: Follow): boolean {
  // The byte given back would have to be the next one consumed, or the match would have to end.
  return follow.ends || (!follow.mayEnd && !intersects(set, follow.first));
}

function rewriteAtomic(node: AtomicNode, follow: Follow): Node {
  const { body } = node;
  const plain = rewrite(body, follow);
  if (follow.ends || onePath(plain)) return plain;
  if (plain.kind === 'repeat' && plain.body.kind === 'set' && plain.mode === 'greedy') {
    if (settled(plain.body.set, follow)) return plain;
  }
  return { ...node, body: rewrite(body, END) };
}

/** True when `node` can match in one way only, so that there is nothing to go back to. */
function onePath(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'assert':
    case 'look':
    case 'atomic':
      return true;
    case 'sequence':
      return node.items.every(onePath);
    case 'group':
      return onePath(node.body);
    case 'repeat':
      return node.mode === 'possessive' || (node.min === node.max && onePath(node.body));
    case 'choice':
    case 'backreference':
    case 'foreign':
      return false;
  }
}

/** The bytes a match of `node` can begin with; all of them where that is not known. */
export function firstBytes(node: Node): ByteSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'assert':
    case 'look':
      return NO_BYTE;
    case 'sequence': {
      let first = NO_BYTE;
      for (const item of node.items) {
        first = union(first, firstBytes(item));
        if (minWidth(item) > 0) break;
      }
      return first;
    }
    case 'choice':
      return node.options.map(firstBytes).reduce(union);
    case 'group':
    case 'atomic':
      return firstBytes(node.body);
    case 'repeat':
      return node.max === 0 ? NO_BYTE : firstBytes(node.body);
    case 'backreference':
    case 'foreign':
      return ANY_BYTE;
  }
}

/** The set of a node that always matches exactly one byte without capturing. */
export function oneByteSet(node: Node): ByteSet | undefined {
  if (node.kind === 'set') return node.set;
  if (node.kind !== 'choice') return undefined;
  let all = NO_BYTE;
  for (const option of node.options) {
    const set = oneByteSet(option);
    if (set === undefined) return undefined;
    all = union(all, set);
  }
  return all;
}
