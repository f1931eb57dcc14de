// Patterns that match every subject of enough bytes, and always all of it: `^.*$`, with which rules take captures.

import type { Node } from './ast.ts';
import { ANY_BYTE, keyOf } from './byte-set.ts';

/** True when every match is the whole subject, and every subject of at least `minWidth` bytes matches. */
export function matchesWhole(root: Node): boolean {
  const items = root.kind === 'sequence' ? root.items : [root];
  let hasTaken = false;
  for (const item of items) {
    switch (item.kind) {
      case 'assert':
        if (item.what === 'subject-start' && !hasTaken) continue;
        if (item.what === 'subject-end' && hasTaken) continue;
        return false;
      case 'repeat':
        if (hasTaken || item.mode !== 'greedy' || item.max !== Number.POSITIVE_INFINITY)
          return false;
        if (item.body.kind !== 'set' || keyOf(item.body.set) !== keyOf(ANY_BYTE)) return false;
        hasTaken = true;
        continue;
      default:
        return false;
    }
  }
  return hasTaken;
}
