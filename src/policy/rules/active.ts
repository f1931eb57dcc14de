// Which rules of a document a process runs: enabled, for its environment, and not over.

import type { RuleCommon } from '../document/common.ts';

export interface RulePlace {
  /** The environment of this process; undefined: only rules for every environment apply. */
  readonly environment?: string | undefined;
}

export function activeRules<R extends RuleCommon>(
  rules: readonly R[],
  { environment }: RulePlace,
): readonly R[] {
  return rules.filter(
    (rule) =>
      rule.enabled &&
      (rule.environment === undefined ||
        (environment !== undefined && rule.environment.includes(environment))),
  );
}

/** A rule that expires does nothing from that moment on, by the clock of the exchange. */
export function isOver({ expires }: RuleCommon, nowMs: number): boolean {
  return expires !== undefined && nowMs >= expires;
}
