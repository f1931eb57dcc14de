// How many bytes a node matches, and where: the plain facts that several analyses share.

import type { Node } from './ast.ts';

/** The fewest bytes a match of `node` consumes. Never too high: foreign syntax counts as 0. */
export function minWidth(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + minWidth(item), 0);
    case 'choice':
      return node.options.reduce((least, option) => Math.min(least, minWidth(option)), Infinity);
    case 'group':
    case 'atomic':
      return minWidth(node.body);
    case 'repeat':
      return node.min === 0 ? 0 : node.min * minWidth(node.body);
    case 'assert':
    case 'look':
    case 'backreference':
    case 'foreign':
      return 0;
  }
}

/** The most bytes a match of `node` consumes; Infinity when unbounded or unknown. */
export function maxWidth(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + maxWidth(item), 0);
    case 'choice':
      return node.options.reduce((most, option) => Math.max(most, maxWidth(option)), 0);
    case 'group':
    case 'atomic':
      return maxWidth(node.body);
    case 'repeat': {
      const once = maxWidth(node.body);
      return once === 0 || node.max === 0 ? 0 : once * node.max;
    }
    case 'assert':
    case 'look':
      return 0;
    case 'backreference':
    case 'foreign':
      return Infinity;
  }
}

/** The width when it is fixed, `varies`, or `unknown` where only PCRE2 can tell. */
export function widthOf(node: Node): number | 'varies' | 'unknown' {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return combine(node.items, (widths) => widths.reduce((sum, width) => sum + width, 0));
    case 'choice':
      return combine(node.options, (widths) =>
        widths.every((width) => width === widths[0]) ? widths[0]! : 'varies',
      );
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'repeat': {
      if (node.min !== node.max) return 'varies';
      const width = widthOf(node.body);
      return typeof width === 'number' ? width * node.min : width;
    }
    case 'assert':
    case 'look':
      return 0;
    case 'backreference':
    case 'foreign':
      return 'unknown';
  }
}

function combine(
  nodes: readonly Node[],
  merge: (widths: readonly number[]) => number | 'varies',
): number | 'varies' | 'unknown' {
  const widths = nodes.map(widthOf);
  if (widths.includes('varies')) return 'varies';
  if (widths.includes('unknown')) return 'unknown';
  return merge(widths as number[]);
}

/** True when a match can only start where the subject does, as far as the first item tells. */
export function isAnchored(root: Node): boolean {
  const first = root.kind === 'sequence' ? root.items[0] : root;
  return first?.kind === 'assert' && first.what === 'subject-start';
}
