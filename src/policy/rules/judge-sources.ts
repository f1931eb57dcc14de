// Asks the source rules of a stage.

import { isOver } from './active.ts';
import type { JudgingContext } from './context.ts';
import type { CompiledSourceRule } from './source-rules.ts';

export function judgeSources(
  rules: readonly CompiledSourceRule[],
  { facts, findings, nowMs, mayBlockSource }: JudgingContext,
): void {
  const { source } = facts;
  for (const { rule, row, judge } of rules) {
    if (isOver(rule, nowMs)) continue;
    const { applies, reason } = judge(source);
    const { name, action, severity = 'low' } = rule;
    if (!applies) {
      if (action !== 'monitor') findings.passOver(row, () => `"${name}": ${reason()}`);
      continue;
    }
    const evidence = reason();
    const event = {
      kind: 'source',
      rule: name,
      severity,
      status: 'active',
      evidence,
      action,
    } as const;
    if (action === 'monitor') findings.tell({ ...event, row: undefined });
    else if (action === 'allow') {
      findings.cover(name);
      if (rule.covers === 'everything') findings.add('ip-allow', { rule: name, reason: evidence });
      else findings.passOver('ip-allow', () => `"${name}" covers sources only`);
    } else if (mayBlockSource) {
      findings.add(row, { rule: name, reason: evidence });
      findings.tell({ ...event, row });
    } else {
      findings.passOver(row, () => `"${name}": ${source.address} is internal`);
    }
  }
}
