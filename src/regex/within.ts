// Whether a pattern can match a subject that is made of certain bytes only.
//
// One-sided: "no" proves that there is no match, so what is not understood counts as possible.

import type { Node } from './ast.ts';
import { addRange, intersects } from './byte-set.ts';

/** `allowed[byte]` is 1 for each byte that the subject may hold. */
export function mayMatchWithin(root: Node, allowed: Uint8Array): boolean {
  const held = new Uint32Array(8);
  allowed.forEach((isHeld, byte) => {
    if (isHeld === 1) addRange(held, byte, byte);
  });
  const visit = (node: Node): boolean => {
    switch (node.kind) {
      case 'set':
        return intersects(node.set, held);
      case 'sequence':
        return node.items.every(visit);
      case 'choice':
        return node.options.some(visit);
      case 'group':
      case 'atomic':
        return visit(node.body);
      case 'repeat':
        return node.min === 0 || visit(node.body);
      case 'look':
        // What it sees ahead or behind is in the subject as well.
        return node.negated || visit(node.body);
      case 'assert':
      case 'backreference':
      case 'foreign':
        return true;
    }
  };
  return visit(root);
}
