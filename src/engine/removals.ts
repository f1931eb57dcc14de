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

  /** Whether anything was taken from one of these rules. */
  concernAny(indices: readonly number[]): boolean {
    if (this.#rules === undefined && this.#targets === undefined) return false;
    return indices.some((index) => this.isRemoved(index) || this.#targets?.has(index) === true);
  }

  isRemoved(index: number): boolean {
    return this.#rules !== undefined && this.#rules[index] === 1;
  }

  targetsOf(index: number): readonly TargetExclusion[] | undefined {
    return this.#targets?.get(index);
  }
}
