// How many groups every match has, counted up to the last that takes part in it.

import type { Node } from './ast.ts';

/** In whatever match there is, a group of this number or a higher one takes part; 0 where none may. */
export function lastCertainGroup(node: Node): number {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((last, item) => Math.max(last, lastCertainGroup(item)), 0);
    case 'choice':
      return Math.min(...node.options.map(lastCertainGroup));
    case 'group':
      return Math.max(node.index, lastCertainGroup(node.body));
    case 'repeat':
      return node.min > 0 ? lastCertainGroup(node.body) : 0;
    default:
      return 0;
  }
}
