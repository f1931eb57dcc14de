// Judges what was seen of a stage against what the test expects. All given conditions must hold.

import { compileGoRegex } from './go-regex.ts';
import { ruleIdsOf } from './log-ids.ts';
import type { StageObservation } from './observation.ts';
import type { FtwOutput } from './test-file.ts';

export type FailedCheck =
  | 'status'
  | 'response_contains'
  | 'expect_error'
  | 'isolated'
  | 'expect_ids'
  | 'no_expect_ids'
  | 'match_regex'
  | 'no_match_regex';

export interface Failure {
  readonly check: FailedCheck;
  /** Expectation and fact in one line. */
  readonly message: string;
  /** Rules that should have been logged, or should not. */
  readonly ruleIds: readonly number[];
}

/** Failures in the order of the checks; none when the stage passes. */
export function evaluateOutput(output: FtwOutput, seen: StageObservation): Failure[] {
  const failures: Failure[] = [];
  const fail = (check: FailedCheck, message: string, ruleIds: readonly number[] = []): void => {
    failures.push({ check, message, ruleIds });
  };
  const hasResponse = seen.response !== undefined;
  if (output.expectError && hasResponse) {
    fail('expect_error', `expected a broken exchange, got status ${seen.response.status}`);
  } else if (!output.expectError && !hasResponse) {
    fail('expect_error', `expected a response, got none: ${seen.error ?? 'connection closed'}`);
  }
  if (seen.response !== undefined) {
    const { status, raw } = seen.response;
    if (output.statuses.length > 0 && !output.statuses.includes(status)) {
      const remark = seen.remark === undefined ? '' : ` (${seen.remark})`;
      fail('status', `expected status ${output.statuses.join(' or ')}, got ${status}${remark}`);
    }
    const text = output.responseContains;
    // Patterns were checked when the file was read; one that does not compile finds nothing.
    if (text !== undefined && !compileGoRegex(text).regex?.test(raw)) {
      fail('response_contains', `the response lacks /${text}/`);
    }
  }
  evaluateLog(output, seen, fail);
  return failures;
}

function evaluateLog(
  output: FtwOutput,
  seen: StageObservation,
  fail: (check: FailedCheck, message: string, ruleIds?: readonly number[]) => void,
): void {
  const lines = seen.logLines;
  const logged = new Set(seen.loggedIds);
  const missing = output.expectIds.filter((id) => !logged.has(id));
  if (missing.length > 0) {
    fail('expect_ids', `expected ${list(missing)} to be logged; logged: ${list(logged)}`, missing);
  }
  const unwanted = output.noExpectIds.filter((id) => logged.has(id));
  if (unwanted.length > 0) {
    fail('no_expect_ids', `expected ${list(unwanted)} not to be logged`, unwanted);
  }
  if (output.isolated && logged.size !== 1) {
    fail('isolated', `expected a single rule to be logged; logged: ${list(logged)}`, [...logged]);
  }
  for (const pattern of output.matchRegexes) {
    const { regex } = compileGoRegex(pattern);
    if (lines.some((line) => regex?.test(line))) continue;
    fail('match_regex', `no line of the log matches /${pattern}/; logged: ${list(logged)}`);
  }
  for (const pattern of output.noMatchRegexes) {
    const { regex } = compileGoRegex(pattern);
    const line = lines.find((candidate) => regex?.test(candidate));
    if (line === undefined) continue;
    fail('no_match_regex', `a line of the log matches /${pattern}/: ${line}`, ruleIdsOf(line));
  }
}

function list(ids: Iterable<number>): string {
  return [...ids].join(', ') || 'nothing';
}
