// Which pipelines leave a value as it is, told by the kinds of its bytes.
//
// Most values are plain, and for them no pipeline does anything. The answer for a combination of byte classes is
// worked out once. Senders choose the combinations, so only so many are remembered.

import type { PipelineNode } from './program.ts';
import type { TierSource } from './tiers.ts';

/** Rules that look at one form of a value. */
export interface FormRules {
  readonly stage: PipelineNode;
  /** Words of the phase's rules, the first at 0. */
  readonly rules: Int32Array;
}

/** What to do with a value of one source. */
export interface ReadingPlan {
  /** The rules that look at the value as it is, behind whatever pipeline. */
  readonly same: Int32Array;
  /** The stages at which it may be another. */
  readonly altered: readonly FormRules[];
}

/** What is known of all values of the same kinds of bytes. */
export class Shortcut {
  /** By pipeline node: 1 where such values are what they were. */
  readonly sameAt: Uint8Array;
  readonly #plans: (ReadingPlan | undefined)[] = [];

  constructor(sameAt: Uint8Array) {
    this.sameAt = sameAt;
  }

  isSameAt(stage: PipelineNode): boolean {
    return this.sameAt[stage.id] === 1;
  }

  planOf(source: TierSource): ReadingPlan {
    return this.#plans[source.id] ?? this.#makePlan(source);
  }

  #makePlan({ id, forms }: TierSource): ReadingPlan {
    const same = new Int32Array(forms[0]?.rules.length ?? 0);
    const altered: FormRules[] = [];
    for (const form of forms) {
      if (!this.isSameAt(form.stage)) altered.push(form);
      else for (let word = 0; word < same.length; word++) same[word]! |= form.rules[word]!;
    }
    const plan = { same, altered };
    this.#plans[id] = plan;
    return plan;
  }
}

const MOST_REMEMBERED = 512;

/** `nodes` by id; the answer for the same classes is the same object while it is remembered. */
export function createShortcuts(nodes: readonly PipelineNode[]): (classes: number) => Shortcut {
  const known = new Map<number, Shortcut>();
  return (classes) => {
    let shortcut = known.get(classes);
    if (shortcut === undefined) {
      const sameAt = new Uint8Array(nodes.length);
      for (const { id, parent, alters } of nodes) {
        const isSame = parent === undefined || (sameAt[parent.id] === 1 && alters !== -1);
        sameAt[id] = isSame && (alters & classes) === 0 ? 1 : 0;
      }
      if (known.size >= MOST_REMEMBERED) known.clear();
      shortcut = new Shortcut(sameAt);
      known.set(classes, shortcut);
    }
    return shortcut;
  };
}
