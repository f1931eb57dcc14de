// What is left of a pattern when subjects are made of some bytes alone.
//
// Patterns against evasion allow quotes and backslashes between any two letters; in a text without them they come to
// words, and words can be looked for.

import type { Node } from './ast.ts';
import { type ByteSet, intersection, isEmptySet } from './byte-set.ts';

const NOTHING: Node = Object.freeze({ kind: 'sequence', items: Object.freeze([]) });

/**
 * Matches the same subjects as `root`, of those that hold nothing but `bytes`; undefined when it matches none of
 * them. What is not understood stays as it is.
 */
export function restricted(root: Node, bytes: ByteSet): Node | undefined {
  const sets = new Map<ByteSet, Node | null>();
  const setOf = (set: ByteSet): Node | undefined => {
    let known = sets.get(set);
    if (known === undefined) {
      const common = intersection(set, bytes);
      known = isEmptySet(common) ? null : { kind: 'set', set: common };
      sets.set(set, known);
    }
    return known ?? undefined;
  };
  const visit = (node: Node): Node | undefined => {
    switch (node.kind) {
      case 'set':
        return setOf(node.set);
      case 'sequence': {
        const items: Node[] = [];
        for (const item of node.items) {
          const left = visit(item);
          if (left === undefined) return undefined;
          if (left !== NOTHING) items.push(left);
        }
        return items.length === 0 ? NOTHING : { ...node, items };
      }
      case 'choice': {
        const options = node.options.map(visit).filter((option) => option !== undefined);
        return options.length < 2 ? options[0] : { ...node, options };
      }
      case 'group':
      case 'atomic': {
        const body = visit(node.body);
        return body && { ...node, body };
      }
      case 'repeat': {
        const body = visit(node.body);
        if (body !== undefined) return { ...node, body };
        return node.min === 0 ? NOTHING : undefined;
      }
      case 'look': {
        // What it sees ahead or behind is in the subject as well.
        const body = visit(node.body);
        if (body !== undefined) return { ...node, body };
        return node.negated ? NOTHING : undefined;
      }
      case 'assert':
      case 'backreference':
      case 'foreign':
        return node;
    }
  };
  return visit(root);
}
