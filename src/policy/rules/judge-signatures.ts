// Asks the custom signatures of a stage.

import type { Actor, Actors } from '../facts/actor.ts';
import { isOver } from './active.ts';
import type { Batch } from './batch.ts';
import type { JudgingContext } from './context.ts';
import type { CompiledSignature } from './signature-rules.ts';

export function judgeSignatures(
  signatures: readonly CompiledSignature[],
  { facts, findings, nowMs }: JudgingContext,
  actorOf: () => Actor | undefined,
  actors: Actors,
  batch: Batch,
): void {
  for (const { rule, judge } of signatures) {
    if (isOver(rule, nowMs)) continue;
    const { name, action, severity = 'low', inject } = rule;
    const row = action === 'allow' ? 'custom-signature-allow' : 'custom-signature-block';
    const decides = action === 'allow' || action === 'block';
    const { holds, reason, unseen } = judge(facts);
    if (!holds) {
      if (unseen !== undefined && action === 'block') findings.unseen(row, name, unseen);
      else if (decides) findings.passOver(row, () => `"${name}": ${reason()}`);
      continue;
    }
    const evidence = reason();
    if (decides) findings.add(row, { rule: name, reason: evidence });
    if (inject !== undefined) findings.injectAll(inject);
    findings.tell({
      kind: 'signature',
      rule: name,
      row: decides ? row : undefined,
      severity,
      status: action === 'testing' ? 'testing' : 'active',
      evidence,
      action,
    });
    const actor = decides && rule.for !== undefined ? actorOf() : undefined;
    if (rule.for !== undefined && actor !== undefined) {
      const state = action === 'allow' ? 'allowed' : 'blocked';
      batch.add(actors.mark(state, actor, name, nowMs + rule.for), {
        done: () => {},
        failed: (problem) => findings.fail('store-unavailable', problem),
      });
    }
  }
}
