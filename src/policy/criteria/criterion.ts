// A criterion, compiled: what it needs to have seen, and what it says of an exchange.

import type { ExchangeFacts } from '../facts/exchange.ts';
import type { Gap } from '../facts/seen.ts';
import type { Stage } from '../facts/stage.ts';

export interface Criterion {
  readonly stage: Stage;
  /** The reason why it holds or does not, in words, made only when it is read. */
  readonly judge: (facts: ExchangeFacts) => CriterionResult;
}

export interface CriterionResult {
  readonly holds: boolean;
  /** It does not hold, and might if all of the message had been seen. */
  readonly unseen?: Gap | undefined;
  /** What was seen: `address 203.0.113.7`, `the region is unknown: no geo source`. No payload values. */
  readonly reason: () => string;
}

/** All must hold; the first that certainly does not tells why. */
export function conjunction(
  criteria: readonly Criterion[],
): (facts: ExchangeFacts) => CriterionResult {
  return (facts) => {
    const reasons: (() => string)[] = [];
    let unseen: CriterionResult | undefined;
    for (const { judge } of criteria) {
      const result = judge(facts);
      if (!result.holds) {
        if (result.unseen === undefined) return result;
        unseen ??= result;
      }
      reasons.push(result.reason);
    }
    if (unseen !== undefined) return unseen;
    return { holds: true, reason: () => reasons.map((reason) => reason()).join(', ') };
  };
}
