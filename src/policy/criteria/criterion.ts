// A criterion, compiled: what it needs to have seen, and what it says of an exchange.

import type { ExchangeFacts } from '../facts/exchange.ts';
import type { Stage } from '../facts/stage.ts';

export interface Criterion {
  readonly stage: Stage;
  /** The reason why it holds or does not, in words, made only when it is read. */
  readonly judge: (facts: ExchangeFacts) => CriterionResult;
}

export interface CriterionResult {
  readonly holds: boolean;
  /** What was seen: `address 203.0.113.7`, `the region is unknown: no geo source`. No payload values. */
  readonly reason: () => string;
}

/** All must hold; the first that does not tells why. */
export function conjunction(
  criteria: readonly Criterion[],
): (facts: ExchangeFacts) => CriterionResult {
  return (facts) => {
    const reasons: (() => string)[] = [];
    for (const { judge } of criteria) {
      const result = judge(facts);
      if (!result.holds) return result;
      reasons.push(result.reason);
    }
    return { holds: true, reason: () => reasons.map((reason) => reason()).join(', ') };
  };
}
