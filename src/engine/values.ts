// Remembers transformed values for the length of one transaction.
//
// The same header or argument is put through the same pipelines by hundreds of rules. A transformation
// is a pure function of value and settings, so its result can be kept; `identity` results cost nothing
// further because the next step finds the same string.

import type { Settings } from '../model/settings.ts';
import type { TransformationEnvironment } from '../model/transformation.ts';
import type { PipelineNode } from '../program/program.ts';

export function environmentOf(settings: Settings): TransformationEnvironment {
  const { unicodeMap, behaviour } = settings;
  return { unicodeMap, htmlEntities: behaviour.htmlEntities, behaviour };
}

export class TransformedValues {
  readonly #environment: TransformationEnvironment;
  readonly #byNode: (Map<string, string> | undefined)[];

  constructor(environment: TransformationEnvironment, pipelineCount: number) {
    this.#environment = environment;
    this.#byNode = new Array(pipelineCount);
  }

  /** The value after all steps up to `node`. */
  at(node: PipelineNode, value: string): string {
    const { parent, transformation } = node;
    if (parent === undefined || transformation === undefined) return value;
    let results = this.#byNode[node.id];
    if (results === undefined) {
      results = new Map();
      this.#byNode[node.id] = results;
    } else {
      const known = results.get(value);
      if (known !== undefined) return known;
    }
    const result = transformation.apply(this.at(parent, value), this.#environment);
    results.set(value, result);
    return result;
  }
}
