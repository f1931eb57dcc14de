// Runs tests stage by stage against a target and keeps what a report needs of each.
//
// A test passes when all its stages do. Results come in the order of the tests. A test that could not be
// read counts as failed: leaving it out would make a broken suite look better than a sound one.

import { applyOverrides } from './apply-overrides.ts';
import { evaluateOutput, type Failure } from './evaluate-output.ts';
import type { StageObservation } from './observation.ts';
import type { Overrides } from './overrides.ts';
import { buildRequest } from './request.ts';
import { type Carried, carryFrom, carryInto, NOTHING_CARRIED } from './stage-carry.ts';
import type { StageTarget } from './stage-target.ts';
import type { FtwInput, FtwStage, FtwTest } from './test-file.ts';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface FailedStage {
  /** Counted from 1. */
  readonly number: number;
  readonly failures: readonly Failure[];
  readonly observation: StageObservation;
  /** What was sent; undefined when nothing was. */
  readonly input?: FtwInput | undefined;
}

export interface TestResult {
  readonly id: string;
  readonly outcome: Outcome;
  /** Why it failed or was skipped; empty for a test that just passed. */
  readonly reason: string;
  readonly description: string;
  readonly file: string;
  readonly line: number;
  readonly ms: number;
  /** The stage that failed, when one ran and did. */
  readonly stage: FailedStage | undefined;
}

export interface TestFilter {
  readonly include?: RegExp | undefined;
  readonly exclude?: RegExp | undefined;
}

/** An explicit inclusion wins over an exclusion, as in go-ftw. */
export function isSelected(id: string, filter: TestFilter): boolean {
  if (filter.include !== undefined) return filter.include.test(id);
  return filter.exclude === undefined || !filter.exclude.test(id);
}

export async function runTest(
  test: FtwTest,
  target: StageTarget,
  overrides: Overrides,
): Promise<TestResult> {
  const start = performance.now();
  const overridden = applyOverrides(test, overrides);
  const finish = (outcome: Outcome, reason: string, stage?: FailedStage): TestResult => ({
    id: test.id,
    outcome,
    reason,
    description: test.description,
    file: test.file,
    line: test.line,
    ms: performance.now() - start,
    stage,
  });
  if (overridden.fate === 'ignore') return finish('skipped', `ignored: ${overridden.reason}`);
  if (overridden.fate === 'forcepass') return finish('passed', `forced: ${overridden.reason}`);
  if (overridden.fate === 'forcefail') return finish('failed', `forced: ${overridden.reason}`);
  if (test.unusable !== undefined) {
    const { line, column, message } = test.unusable;
    return finish('failed', `${test.file}:${line}:${column}: ${message}`);
  }
  const failed = await runStages(overridden.test, target);
  if (overridden.expectFailure) {
    return failed === undefined
      ? finish('failed', `expected to fail (${overridden.reason}) but passes`)
      : finish('passed', `fails as expected: ${overridden.reason}`);
  }
  if (failed === undefined) return finish('passed', '');
  return finish('failed', failed.failures.map((failure) => failure.message).join('; '), failed);
}

async function runStages(test: FtwTest, target: StageTarget): Promise<FailedStage | undefined> {
  let carried: Carried = NOTHING_CARRIED;
  for (const [index, stage] of test.stages.entries()) {
    if (stage.input.followRedirect && carried.location === undefined) return notRedirected(index);
    const input = carryInto(stage.input, carried);
    const attempts = stage.output.retryOnce ? 2 : 1;
    const run = await runStage(test.id, index + 1, { ...stage, input }, target, attempts);
    if (run.failures.length > 0) return run;
    carried = carryFrom(stage.input, run.observation.response, carried);
  }
  return undefined;
}

async function runStage(
  id: string,
  number: number,
  stage: FtwStage,
  target: StageTarget,
  attempts: number,
): Promise<FailedStage> {
  const request = buildRequest(stage.input);
  const label = `${id}-${number}-${attempts}`;
  const observation = await target.send({ label, request, input: stage.input });
  const failures = evaluateOutput(stage.output, observation);
  if (failures.length > 0 && attempts > 1) return runStage(id, number, stage, target, attempts - 1);
  return { number, failures, observation, input: stage.input };
}

function notRedirected(index: number): FailedStage {
  const message = 'the stage follows a redirect, but the one before was not redirected';
  return {
    number: index + 1,
    failures: [{ check: 'status', message, ruleIds: [] }],
    observation: NOTHING_SENT,
  };
}

const NOTHING_SENT: StageObservation = Object.freeze({
  request: '',
  response: undefined,
  error: 'nothing was sent',
  logLines: Object.freeze([]),
  loggedIds: Object.freeze([]),
  matches: undefined,
  remark: undefined,
});
