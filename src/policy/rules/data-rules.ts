// Data loss prevention by exchange, compiled: which data an exchange may carry, and what then.
//
// An `allow` rule that holds takes its data types out of what the other rules look for.

import type { CompiledCriteria, CriteriaContext } from '../criteria/compile.ts';
import { compileCriteria } from '../criteria/compile.ts';
import type { DataRequestRule } from '../document/data-loss-rule.ts';
import type { DataType } from '../entities/data-type.ts';
import type { ExchangeFacts } from '../facts/exchange.ts';
import type { Gap } from '../facts/seen.ts';
import { later, type Stage } from '../facts/stage.ts';
import { SensitiveData } from './sensitive-data.ts';

export interface CompiledDataRule extends CompiledCriteria {
  readonly rule: DataRequestRule;
  readonly data: SensitiveData;
  /** Stages at which it looks at the message; `allow` and `redact` rules look at none. */
  readonly looksAt: readonly Stage[];
}

export function compileDataRule(
  rule: DataRequestRule,
  context: CriteriaContext,
  types: readonly DataType[],
): CompiledDataRule {
  const { stage, judge } = compileCriteria(rule, context);
  const places: readonly Stage[] =
    rule.in === 'both' ? ['request', 'response'] : [rule.in === 'request' ? 'request' : 'response'];
  const looksAt = rule.action === 'allow' || rule.action === 'redact' ? [] : places;
  return {
    rule,
    judge,
    data: new SensitiveData(types),
    // What changes a response has to be known before its body goes out.
    stage: rule.action === 'redact' ? later(stage, 'responseHead') : stage,
    looksAt: looksAt.filter((place) => later(place, stage) === place),
  };
}

export interface FoundData {
  /** By the name of the type, without those that are allowed. */
  readonly counts: ReadonlyMap<string, number>;
  /** False: there was so much to look at that the search ended early, and what is left is not known. */
  readonly complete: boolean;
  /** What was not seen at all. */
  readonly gap: Gap | undefined;
}

/** What the rule finds where it looks. */
export function foundData(
  { data, rule }: CompiledDataRule,
  facts: ExchangeFacts,
  allowed: ReadonlySet<DataType>,
): FoundData {
  const counts = new Map<string, number>();
  const where = facts.stage === 'request' ? 'request' : 'response';
  const gap = facts.unseen(where === 'request' ? 'bytes' : 'response');
  let isComplete = true;
  const isAllowed = new Set([...allowed].map(({ name }) => name));
  if (data.types.every(({ name }) => isAllowed.has(name)))
    return { counts, complete: true, gap: undefined };
  if (rule.in === 'both' || rule.in === where) {
    for (const text of data.textsOf(where, facts)) {
      const found = data.countIn(text);
      isComplete &&= found.complete;
      for (const [type, count] of found.counts) {
        if (!isAllowed.has(type)) counts.set(type, (counts.get(type) ?? 0) + count);
      }
    }
  }
  return { counts, complete: isComplete && gap === undefined, gap };
}
