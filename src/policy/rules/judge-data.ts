// Asks the rules of data loss prevention that judge one exchange.

import type { DataType } from '../entities/data-type.ts';
import { responseHeadGap } from '../facts/seen.ts';
import { hasReached } from '../facts/stage.ts';
import { isOver } from './active.ts';
import type { JudgingContext } from './context.ts';
import { type CompiledDataRule, foundData } from './data-rules.ts';
import type { Findings } from './findings.ts';

/** `allowed`: data types that `allow` rules have let through in this exchange; added to here. */
export function judgeData(
  rules: readonly CompiledDataRule[],
  { facts, findings, nowMs, mayBlockSource }: JudgingContext,
  allowed: Set<DataType>,
): void {
  const { stage, source } = facts;
  const active = rules.filter(({ rule }) => !isOver(rule, nowMs));
  for (const { rule, judge, data, stage: judgedAt } of active) {
    if (rule.action !== 'allow' || judgedAt !== stage) continue;
    if (judge(facts).holds) for (const type of data.types) allowed.add(type);
  }
  for (const compiled of active) {
    const { rule, judge, looksAt, stage: judgedAt } = compiled;
    const { name, action, severity = 'medium', inject } = rule;
    const redacts = action === 'redact' && judgedAt === stage;
    if (!redacts && !(looksAt.includes(stage) && hasReached(judgedAt, stage))) continue;
    const { holds, unseen } = judge(facts);
    if (redacts && (holds || unseen !== undefined)) {
      // What goes out in pieces or compressed would keep its values.
      const gap = responseHeadGap(facts.view);
      if (gap !== undefined && gap !== 'response-body-stream') {
        findings.unseen('threshold-block', name, gap);
      }
      findings.redacting.push(compiled);
      findings.passOver('threshold-block', () => `"${name}" redacts instead`);
      if (inject !== undefined) findings.injectAll(inject);
      continue;
    }
    if (unseen !== undefined && action === 'block' && mayBlockSource) {
      findings.unseen('threshold-block', name, unseen);
    }
    if (!holds) continue;
    const { counts, complete, gap } = foundData(compiled, facts, allowed);
    // What could not be searched to its end is not let through as if it were empty.
    if (counts.size === 0 && complete) continue;
    const types = [...counts].map(([type, count]) => `${count} of ${type}`);
    if (!complete) types.push(gap ?? 'more than can be searched');
    const evidence = `${types.join(', ')} in the ${stage}`;
    const isBlock = action === 'block' && mayBlockSource;
    if (isBlock) findings.add('threshold-block', { rule: name, reason: evidence });
    else if (action === 'block') {
      findings.passOver('threshold-block', () => `"${name}": ${source.address} is internal`);
    }
    if (inject !== undefined) findings.injectAll(inject);
    findings.tell({
      kind: 'data-loss',
      rule: name,
      row: isBlock ? 'threshold-block' : undefined,
      severity,
      status: action === 'testing' ? 'testing' : 'active',
      evidence,
      action,
    });
  }
}

/** What was replaced is known when the response has gone out. */
export function tellRedactions(findings: Findings, replaced: ReadonlyMap<string, number>): void {
  for (const { rule, data } of findings.redacting) {
    const types = data.types.filter(({ name }) => replaced.has(name));
    if (types.length === 0) continue;
    const counts = types.map(({ name }) => `${replaced.get(name)} of ${name}`).join(', ');
    findings.tell({
      kind: 'data-loss',
      rule: rule.name,
      row: undefined,
      severity: rule.severity ?? 'medium',
      status: 'active',
      evidence: `${counts} in the response, replaced`,
      action: 'redact',
    });
  }
}
