// Whether automata can run a pattern, and how large they would be: all that loading has to know.

import { MAX_ASKED_SETS } from './alphabet.ts';
import type { Node } from './ast.ts';
import { oneByteSet } from './simplify.ts';

/** Programs above this are left to PCRE2: their automata would be slow and large. */
export const MAX_PROGRAM_SIZE = 10_000;

/** Whether the automata can run `node`. */
export function isRegular(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'assert':
      return true;
    case 'sequence':
      return node.items.every(isRegular);
    case 'choice':
      return node.options.every(isRegular);
    case 'group':
      return isRegular(node.body);
    case 'repeat':
      return node.mode !== 'possessive' && isRegular(node.body);
    case 'look':
      return oneByteSet(node.body) !== undefined;
    case 'atomic':
    case 'backreference':
    case 'foreign':
      return false;
  }
}

/** How many instructions the program of `node` has; Infinity when it is not regular. */
export function programSize(node: Node, captures: boolean): number {
  return sizesOf(node, captures).same + 3;
}

/** Instructions of a node whose continuations are the same, and of one whose are not. */
interface Sizes {
  readonly same: number;
  readonly split: number;
  /** As `minWidth`. */
  readonly least: number;
}

const ONE_BYTE: Sizes = { same: 1, split: 1, least: 1 };
const ONE_TEST: Sizes = { same: 1, split: 1, least: 0 };
const IRREGULAR: Sizes = { same: Infinity, split: Infinity, least: 0 };

function sizesOf(node: Node, captures: boolean): Sizes {
  switch (node.kind) {
    case 'set':
      return ONE_BYTE;
    case 'assert':
    case 'look':
      return ONE_TEST;
    case 'sequence': {
      let same = 0;
      let split = 0;
      let least = 0;
      node.items.forEach((item, at) => {
        const inner = sizesOf(item, captures);
        same += inner.same;
        // Only the entry of the first item is asked for once; the others are reached in both states.
        split += at === 0 ? inner.split : inner.same + (inner.least === 0 ? inner.split : 0);
        least += inner.least;
      });
      return { same, split, least };
    }
    case 'choice': {
      let same = node.options.length - 1;
      let split = same;
      let least = Infinity;
      for (const option of node.options) {
        const inner = sizesOf(option, captures);
        same += inner.same;
        split += inner.split;
        least = Math.min(least, inner.least);
      }
      return { same, split, least };
    }
    case 'group': {
      const inner = sizesOf(node.body, captures);
      if (!captures) return inner;
      return { same: inner.same + 2, split: inner.split + 3, least: inner.least };
    }
    case 'repeat': {
      if (node.max === 0) return { same: 0, split: 0, least: 0 };
      const inner = sizesOf(node.body, captures);
      const least = node.min === 0 ? 0 : node.min * inner.least;
      const canBeEmpty = inner.least === 0;
      const copy = inner.same + (canBeEmpty ? inner.split : 0);
      if (node.max !== Infinity) {
        return { same: node.max * (inner.same + 1), split: node.max * (copy + 2), least };
      }
      const looped = captures && canBeEmpty ? inner.split : inner.same;
      const copies = Math.max(node.min - 1, 0);
      return {
        same: looped + 2 + copies * inner.same,
        split: looped + inner.split + 2 + copies * copy,
        least,
      };
    }
    case 'atomic':
    case 'backreference':
    case 'foreign':
      return IRREGULAR;
  }
}

/** Whether the alphabet has room for every set that assertions of `node` ask about. */
export function fitsAlphabet(node: Node): boolean {
  let looks = 0;
  const count = (inner: Node): void => {
    if (inner.kind === 'look') looks++;
    if (inner.kind === 'sequence') for (const item of inner.items) count(item);
    if (inner.kind === 'choice') for (const option of inner.options) count(option);
    if (inner.kind === 'group' || inner.kind === 'repeat') count(inner.body);
  };
  count(node);
  return looks <= MAX_ASKED_SETS - 2;
}
