// Which pipelines leave a value as it is, told by the kinds of its bytes.
//
// Most values are plain, and for them no pipeline does anything. The answer for a combination of byte classes is
// worked out once. Senders choose the combinations, so only so many are remembered.

import type { PipelineNode } from './program.ts';

/** By pipeline node: 1 when a value of these classes is the same behind all steps up to it. */
export type Unchanged = Uint8Array;

const MOST_REMEMBERED = 1024;

/** `nodes` by id; the answer for the same classes is the same object while it is remembered. */
export function createShortcuts(nodes: readonly PipelineNode[]): (classes: number) => Unchanged {
  const known = new Map<number, Unchanged>();
  return (classes) => {
    let unchanged = known.get(classes);
    if (unchanged === undefined) {
      unchanged = new Uint8Array(nodes.length);
      for (const { id, parent, alters } of nodes) {
        const isSame = parent === undefined || (unchanged[parent.id] === 1 && alters !== -1);
        unchanged[id] = isSame && (alters & classes) === 0 ? 1 : 0;
      }
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(classes, unchanged);
    }
    return unchanged;
  };
}
