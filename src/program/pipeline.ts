// Interns transformation pipelines as paths in a tree.

import type { Behaviour } from '../model/compatibility.ts';
import type { Transformation } from '../model/transformation.ts';
import { classesOf } from './byte-classes.ts';
import type { PipelineNode } from './program.ts';

/** For transformations that may change any value, the empty one included. */
const ALL_CLASSES = -1;

const without = (bytes: string, taken = ''): string =>
  [...bytes].filter((byte) => !taken.includes(byte)).join('');

function joined(left: string | undefined, right: string | undefined): string | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}

export interface PipelineTree {
  readonly root: PipelineNode;
  readonly intern: (steps: readonly Transformation[]) => PipelineNode;
  /** By id; parents come before their children. */
  readonly nodes: () => readonly PipelineNode[];
}

export function createPipelineTree(behaviour: Behaviour): PipelineTree {
  const root: PipelineNode = Object.freeze({
    id: 0,
    parent: undefined,
    transformation: undefined,
    step: 0,
    alters: 0,
    altersMore: 0,
    mostBytes: undefined,
    adds: 0,
    growth: 1,
    deletes: '',
  });
  const children = new Map<PipelineNode, Map<Transformation, PipelineNode>>();
  const nodes: PipelineNode[] = [root];
  const steps = new Map<Transformation, number>();

  function stepOf(transformation: Transformation): number {
    const known = steps.get(transformation);
    if (known !== undefined) return known;
    steps.set(transformation, steps.size + 1);
    return steps.size;
  }

  function child(parent: PipelineNode, transformation: Transformation): PipelineNode {
    let siblings = children.get(parent);
    if (siblings === undefined) {
      siblings = new Map();
      children.set(parent, siblings);
    }
    let node = siblings.get(transformation);
    if (node === undefined) {
      const { alters, recases, adds, growth, mostBytes } = transformation;
      node = Object.freeze({
        id: nodes.length,
        parent,
        transformation,
        step: stepOf(transformation),
        alters: alters === undefined ? ALL_CLASSES : classesOf(alters),
        altersMore:
          alters === undefined ? ALL_CLASSES : classesOf(without(alters, recases?.(behaviour))),
        mostBytes:
          mostBytes && ((text: string, enough: number) => mostBytes(text, enough, behaviour)),
        adds: adds === undefined ? ALL_CLASSES : classesOf(adds(behaviour)),
        deletes: joined(parent.deletes, transformation.deletes?.(behaviour)),
        growth: parent.growth * (growth?.(behaviour) ?? Number.POSITIVE_INFINITY),
      });
      nodes.push(node);
      siblings.set(transformation, node);
    }
    return node;
  }

  return {
    root,
    intern: (steps) => steps.reduce(child, root),
    nodes: () => nodes,
  };
}

/** The nodes from the root to `node`, both included. */
export function pipelineStages(node: PipelineNode): readonly PipelineNode[] {
  const stages: PipelineNode[] = [];
  for (let at: PipelineNode | undefined = node; at !== undefined; at = at.parent) stages.push(at);
  return stages.reverse();
}
