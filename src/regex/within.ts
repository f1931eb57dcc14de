// Which bytes a match cannot do without.
//
// One-sided: a need that is not held proves that there is no match, so what is not understood needs nothing.

import { ANYTHING, allOf, anyOf, type ByteClasses, type ClassNeed } from '../base/class-need.ts';
import type { Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';

/** What every subject that matches holds, in the given classes of bytes. */
export function classNeed(root: Node, classes: ByteClasses): ClassNeed {
  const masks = new Map<ByteSet, number>();
  const maskOf = (set: ByteSet): number => {
    let mask = masks.get(set);
    if (mask === undefined) {
      mask = classes.ofSet(set);
      masks.set(set, mask);
    }
    return mask;
  };
  const visit = (node: Node): ClassNeed => {
    switch (node.kind) {
      case 'set':
        return maskOf(node.set);
      case 'sequence':
        return allOf(node.items.map(visit));
      case 'choice':
        return anyOf(node.options.map(visit));
      case 'group':
      case 'atomic':
        return visit(node.body);
      case 'repeat':
        return node.min === 0 ? ANYTHING : visit(node.body);
      case 'look':
        // What it sees ahead or behind is in the subject as well.
        return node.negated ? ANYTHING : visit(node.body);
      case 'assert':
      case 'backreference':
      case 'foreign':
        return ANYTHING;
    }
  };
  return visit(root);
}
