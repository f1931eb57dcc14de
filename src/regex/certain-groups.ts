// Which groups every match has.

import type { Node } from './ast.ts';

/** The number of the last group that is known to take part in whatever match there is; 0 for none. */
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
