// What ctl has taken from the rest of a transaction: whole rules, and targets of rules.

import type { TargetExclusion } from '../model/control.ts';
import { isSeenByClosed } from '../program/facts.ts';
import type { RuleSelection } from '../program/selections.ts';

interface TargetRemoval {
  readonly rules: RuleSelection;
  readonly exclusion: TargetExclusion;
}

/** So many are asked one after the other; a table by rule is worth its making for more. */
const FEW = 4;

export class Removals {
  #rules: Uint8Array | undefined = undefined;
  #targets: TargetRemoval[] | undefined = undefined;
  #concernClosed = false;
  #byRule: Map<number, TargetExclusion[]> | undefined = undefined;

  removeRules({ indices, has }: RuleSelection): void {
    if (this.#rules === undefined) this.#rules = has.slice();
    else for (const index of indices) this.#rules[index] = 1;
  }

  removeTargets(rules: RuleSelection, exclusion: TargetExclusion): void {
    this.#targets ??= [];
    this.#targets.push({ rules, exclusion });
    this.#concernClosed ||= isSeenByClosed(exclusion.variable);
    if (this.#byRule !== undefined) addByRule(this.#byRule, rules, exclusion);
  }

  /** Whether anything was taken from closed rules (program/closed-rules.ts), as far as one look tells. */
  get mayConcernClosed(): boolean {
    return this.#rules !== undefined || this.#concernClosed;
  }

  /** Whether anything was taken from one of these closed rules. */
  concernAny(indices: readonly number[]): boolean {
    if (!this.mayConcernClosed) return false;
    for (const index of indices) {
      if (this.isRemoved(index) || this.targetsOf(index) !== undefined) return true;
    }
    return false;
  }

  isRemoved(index: number): boolean {
    return this.#rules !== undefined && this.#rules[index] === 1;
  }

  targetsOf(index: number): readonly TargetExclusion[] | undefined {
    if (this.#targets === undefined) return undefined;
    if (this.#targets.length > FEW) return this.#table(this.#targets).get(index);
    let exclusions: TargetExclusion[] | undefined;
    for (const { rules, exclusion } of this.#targets) {
      if (rules.has[index] !== 1) continue;
      if (exclusions === undefined) exclusions = [exclusion];
      else exclusions.push(exclusion);
    }
    return exclusions;
  }

  #table(targets: readonly TargetRemoval[]): Map<number, TargetExclusion[]> {
    if (this.#byRule === undefined) {
      this.#byRule = new Map();
      for (const { rules, exclusion } of targets) addByRule(this.#byRule, rules, exclusion);
    }
    return this.#byRule;
  }
}

function addByRule(
  byRule: Map<number, TargetExclusion[]>,
  { indices }: RuleSelection,
  exclusion: TargetExclusion,
): void {
  for (const index of indices) {
    const known = byRule.get(index);
    if (known === undefined) byRule.set(index, [exclusion]);
    else known.push(exclusion);
  }
}
