// What ctl has taken from the rest of a transaction: whole rules, and targets of rules.

import type { TargetExclusion } from '../model/control.ts';

export class Removals {
  #rules: Uint8Array | undefined;
  #targets: Map<number, TargetExclusion[]> | undefined;

  removeRules(indices: readonly number[], count: number): void {
    this.#rules ??= new Uint8Array(count);
    for (const index of indices) this.#rules[index] = 1;
  }

  removeTargets(indices: readonly number[], exclusion: TargetExclusion): void {
    this.#targets ??= new Map();
    for (const index of indices) {
      const list = this.#targets.get(index);
      if (list === undefined) this.#targets.set(index, [exclusion]);
      else list.push(exclusion);
    }
  }

  isRemoved(index: number): boolean {
    return this.#rules !== undefined && this.#rules[index] === 1;
  }

  targetsOf(index: number): readonly TargetExclusion[] | undefined {
    return this.#targets?.get(index);
  }
}
