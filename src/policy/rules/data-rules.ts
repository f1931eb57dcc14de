// Data loss prevention by exchange, compiled: which data an exchange may carry, and what then.
//
// An `allow` rule that holds takes its data types out of what the other rules look for.

import type { CompiledCriteria, CriteriaContext } from '../criteria/compile.ts';
import { compileCriteria } from '../criteria/compile.ts';
import type { DataRequestRule } from '../document/data-loss-rule.ts';
import type { DataType } from '../entities/data-type.ts';
import type { ExchangeFacts } from '../facts/exchange.ts';
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

/** Names of the data types that the rule finds where it looks, without those that are allowed. */
export function foundTypes(
  { data, rule }: CompiledDataRule,
  facts: ExchangeFacts,
  allowed: ReadonlySet<DataType>,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const where = facts.stage === 'request' ? 'request' : 'response';
  if (rule.in !== 'both' && rule.in !== where) return found;
  const isAllowed = new Set([...allowed].map(({ name }) => name));
  for (const text of data.textsOf(where, facts)) {
    for (const [type, count] of data.countIn(text)) {
      if (!isAllowed.has(type)) found.set(type, (found.get(type) ?? 0) + count);
    }
  }
  return found;
}
