// Asks the threshold rules of a stage: what each counts goes into the store's batch, and what comes back
// blocks, warns, or says that it is still learning.

import type { Actor } from '../facts/actor.ts';
import type {
  ThresholdAnswer,
  ThresholdAnswers,
  ThresholdAsk,
  Thresholds,
} from '../facts/threshold.ts';
import { isOver } from './active.ts';
import type { Batch } from './batch.ts';
import type { JudgingContext } from './context.ts';
import type { CompiledThreshold } from './threshold-rules.ts';

// Asking less often is what the sender can do about a rate limit (RFC 6585).
const TOO_MANY = 429;

const statusOf = (kind: CompiledThreshold['kind']): number | undefined =>
  kind === 'rate-limit' ? TOO_MANY : undefined;

export interface ThresholdParts {
  readonly thresholds: Thresholds;
  /** The policy's threshold rules, by the ids of their thresholds. */
  readonly thresholdsById: ReadonlyMap<string, CompiledThreshold>;
}

export function judgeThresholds(
  compiled: readonly CompiledThreshold[],
  context: JudgingContext,
  actor: Actor,
  { thresholds, thresholdsById }: ThresholdParts,
  batch: Batch,
): void {
  const { facts, findings, nowMs, mayBlockSource } = context;
  const asks: ThresholdAsk[] = [];
  for (const of of compiled) {
    const { rule, judge, measure, needs } = of;
    if (isOver(rule, nowMs)) continue;
    const { holds, reason, unseen } = judge(facts);
    const gap = holds && needs !== undefined ? facts.unseen(needs) : unseen;
    if (gap !== undefined && rule.action === 'block' && mayBlockSource) {
      findings.unseen('threshold-block', rule.name, gap);
    }
    if (holds) asks.push({ of, measured: measure(facts) });
    else if (rule.action === 'block') {
      findings.passOver('threshold-block', () => `"${rule.name}": ${reason()}`);
    }
  }
  const endpoint = facts.place.endpointKey;
  const subject = { actor: actor.key, endpoint, mayBlock: mayBlockSource };
  batch.append((operations) => thresholds.plan(asks, subject, nowMs, operations), {
    done: (answers) => told(answers, context, thresholdsById),
    failed: (problem) => {
      findings.note('store-unavailable', problem);
      const local = asks.filter(({ of: { rule } }) => rule.onStoreFailure === 'local');
      if (local.length > 0)
        told(thresholds.locally(local, subject, nowMs), context, thresholdsById);
      for (const { of } of asks) unanswered(of, context);
    },
  });
}

function told(
  { blockedBy, answers }: ThresholdAnswers,
  context: JudgingContext,
  thresholdsById: ReadonlyMap<string, CompiledThreshold>,
): void {
  // A block ends with its rule: who removes the rule does not have to wait for it.
  const blocking = blockedBy === undefined ? undefined : thresholdsById.get(blockedBy);
  if (blocking !== undefined && context.mayBlockSource) {
    const { rule, kind } = blocking;
    const reason = 'the actor is blocked for having been over the limit';
    context.findings.add('threshold-block', { rule: rule.name, reason, status: statusOf(kind) });
  }
  for (const answer of answers) answered(answer, context);
}

function answered(
  answer: ThresholdAnswer,
  { facts, findings, mayBlockSource }: JudgingContext,
): void {
  const { rule, kind } = answer.of;
  const { name, action, severity = 'medium', inject } = rule;
  if (!answer.fires) {
    if (action === 'block') {
      findings.passOver(
        'threshold-block',
        () => `"${name}": ${answer.learning ? 'learning, ' : ''}${answer.text()}`,
      );
    }
    return;
  }
  const reason = answer.text();
  const isBlock = action === 'block' && mayBlockSource;
  if (isBlock) {
    findings.add('threshold-block', { rule: name, reason, status: statusOf(kind) });
  } else if (action === 'block') {
    findings.passOver('threshold-block', () => `"${name}": ${facts.source.address} is internal`);
  }
  if (inject !== undefined) findings.injectAll(inject);
  // A flood over a limit is one event, not a flood of them.
  if (!answer.isNew) return;
  findings.tell({
    kind,
    rule: name,
    row: isBlock ? 'threshold-block' : undefined,
    severity,
    status: action === 'testing' ? 'testing' : 'active',
    evidence: reason,
    action,
  });
}

/** The store did not answer, and the rule says what then. */
function unanswered(
  { rule: { name, action, onStoreFailure } }: CompiledThreshold,
  { findings, mayBlockSource }: JudgingContext,
): void {
  if (action !== 'block' || onStoreFailure === 'local') return;
  if (onStoreFailure === 'block' && mayBlockSource) {
    findings.add('threshold-block', { rule: name, reason: 'the store did not answer' });
  } else {
    findings.passOver('threshold-block', () => `"${name}": the store did not answer`);
  }
}
