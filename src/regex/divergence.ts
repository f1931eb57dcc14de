// Where V8 and PCRE run the same expression differently, so that a pattern must not be translated.

import type { Node } from './ast.ts';
import { minWidth } from './width.ts';

/** Thrown with the reason, and caught by the translation. */
export class Refusal extends Error {}

/** Groups that `node` sets whenever it matches, and all that it may set. */
interface Sets {
  readonly always: ReadonlySet<number>;
  readonly all: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

function setsOf(node: Node): Sets {
  switch (node.kind) {
    case 'set':
    case 'assert':
    case 'backreference':
    case 'foreign':
      return { always: NONE, all: NONE };
    case 'sequence': {
      const inner = node.items.map(setsOf);
      return {
        always: new Set(inner.flatMap((sets) => [...sets.always])),
        all: new Set(inner.flatMap((sets) => [...sets.all])),
      };
    }
    case 'choice': {
      const inner = node.options.map(setsOf);
      const all = new Set(inner.flatMap((sets) => [...sets.all]));
      const always = [...all].filter((group) => inner.every((sets) => sets.always.has(group)));
      return { always: new Set(always), all };
    }
    case 'group': {
      const inner = setsOf(node.body);
      return {
        always: new Set([...inner.always, node.index]),
        all: new Set([...inner.all, node.index]),
      };
    }
    case 'atomic':
      return setsOf(node.body);
    case 'look': {
      const inner = setsOf(node.body);
      return { always: node.negated ? NONE : inner.always, all: inner.all };
    }
    case 'repeat': {
      const inner = setsOf(node.body);
      return { always: node.min > 0 ? inner.always : NONE, all: inner.all };
    }
  }
}

/** Refuses what the two engines are known to run differently. */
export function refuseDivergence(node: Node): void {
  switch (node.kind) {
    case 'sequence':
      for (const item of node.items) refuseDivergence(item);
      return;
    case 'choice':
      for (const option of node.options) refuseDivergence(option);
      return;
    case 'look':
      // V8 matches a lookbehind from its end to its start.
      if (node.behind && setsOf(node.body).all.size > 0)
        throw new Refusal('captures in lookbehind');
      if (node.behind && hasReference(node.body)) throw new Refusal('a reference in lookbehind');
      refuseDivergence(node.body);
      return;
    case 'group':
    case 'atomic':
      refuseDivergence(node.body);
      return;
    case 'repeat':
      // V8 takes back an optional iteration that matched nothing, and tries the body's other paths.
      if (node.max > node.min && minWidth(node.body) === 0) {
        const harmless = emptyComesLast(node.body) && setsOf(node.body).all.size === 0;
        if (!harmless) throw new Refusal('an optional body that can be empty');
      }
      if (node.max > 1) {
        // PCRE keeps the captures of earlier iterations, V8 clears them.
        const { always, all } = setsOf(node.body);
        if (all.size > always.size) throw new Refusal('captures kept across iterations');
      }
      refuseDivergence(node.body);
      return;
    case 'set':
    case 'assert':
    case 'backreference':
    case 'foreign':
      return;
  }
}

/** For a body that can be empty: whether no other path is tried after the empty one. */
function emptyComesLast(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'assert':
    case 'look':
    case 'atomic':
    case 'backreference':
      return true;
    case 'sequence':
      return node.items.every(emptyComesLast);
    case 'choice':
      return node.options.every(
        (option, at) =>
          minWidth(option) > 0 || (at === node.options.length - 1 && emptyComesLast(option)),
      );
    case 'group':
      return emptyComesLast(node.body);
    case 'repeat':
      if (node.mode === 'possessive') return true;
      if (node.max > node.min && node.mode === 'lazy') return false;
      return minWidth(node.body) > 0 || emptyComesLast(node.body);
    case 'foreign':
      return false;
  }
}

function hasReference(node: Node): boolean {
  switch (node.kind) {
    case 'backreference':
      return true;
    case 'sequence':
      return node.items.some(hasReference);
    case 'choice':
      return node.options.some(hasReference);
    case 'group':
    case 'atomic':
    case 'look':
    case 'repeat':
      return hasReference(node.body);
    case 'set':
    case 'assert':
    case 'foreign':
      return false;
  }
}

/** In PCRE a reference to a group that took no part fails; in V8 it matches nothing. */
export function refuseUnsetReferences(root: Node): void {
  checkReferences(root, NONE);
}

/** Returns the groups that are set behind `node` when those in `before` are set ahead of it. */
function checkReferences(node: Node, before: ReadonlySet<number>): ReadonlySet<number> {
  switch (node.kind) {
    case 'backreference':
      if (!before.has(node.index)) throw new Refusal('a reference to a group that may be unset');
      return before;
    case 'sequence': {
      let set = before;
      for (const item of node.items) set = checkReferences(item, set);
      return set;
    }
    case 'choice': {
      const behind = node.options.map((option) => checkReferences(option, before));
      return new Set([...behind[0]!].filter((group) => behind.every((set) => set.has(group))));
    }
    case 'group':
      return new Set([...checkReferences(node.body, before), node.index]);
    case 'atomic':
      return checkReferences(node.body, before);
    case 'look': {
      const behind = checkReferences(node.body, before);
      return node.negated ? before : behind;
    }
    case 'repeat': {
      // V8 clears the groups of the body when an iteration begins.
      const inner = setsOf(node.body).all;
      const kept = new Set([...before].filter((group) => !inner.has(group)));
      const behind = checkReferences(node.body, node.max > 1 ? kept : before);
      return node.min > 0 ? new Set([...behind, ...before]) : before;
    }
    case 'set':
    case 'assert':
    case 'foreign':
      return before;
  }
}
