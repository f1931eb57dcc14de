import { describe, expect, it } from 'vitest';
import { evaluateOutput } from '../../src/ftw/evaluate-output.ts';
import { ruleIdsOf } from '../../src/ftw/log-ids.ts';
import type { StageObservation } from '../../src/ftw/observation.ts';
import { DEFAULT_OUTPUT, type FtwOutput } from '../../src/ftw/test-file.ts';

function seen(status: number | undefined, ids: readonly number[] = []): StageObservation {
  return {
    request: '',
    response:
      status === undefined
        ? undefined
        : { status, headers: [], raw: `HTTP/1.1 ${status} OK\r\nServer: x\r\n\r\nbody` },
    error: status === undefined ? 'closed' : undefined,
    logLines: ids.map((id) => `ModSecurity: Warning. [id "${id}"] [data "found within ARGS:x"]`),
    loggedIds: ids,
    matches: undefined,
    remark: undefined,
  };
}

const checks = (output: Partial<FtwOutput>, observation: StageObservation): string[] =>
  evaluateOutput({ ...DEFAULT_OUTPUT, ...output }, observation).map((failure) => failure.check);

describe('evaluateOutput', () => {
  it('is content with any response when nothing is expected', () => {
    expect(checks({}, seen(500, [1]))).toEqual([]);
    expect(checks({}, seen(undefined))).toEqual(['expect_error']);
  });

  it('compares the status', () => {
    expect(checks({ statuses: [400] }, seen(400))).toEqual([]);
    expect(checks({ statuses: [400] }, seen(200))).toEqual(['status']);
    expect(checks({ statuses: [200, 403] }, seen(403))).toEqual([]);
  });

  it('searches the whole raw response', () => {
    expect(checks({ responseContains: '(?i)server: X' }, seen(200))).toEqual([]);
    expect(checks({ responseContains: '^body' }, seen(200))).toEqual(['response_contains']);
  });

  it('wants a broken exchange when an error is expected, and the log all the same', () => {
    expect(checks({ expectError: true }, seen(undefined))).toEqual([]);
    expect(checks({ expectError: true }, seen(200))).toEqual(['expect_error']);
    expect(checks({ expectError: true, expectIds: [1] }, seen(undefined, [1]))).toEqual([]);
    expect(checks({ expectError: true, expectIds: [1] }, seen(undefined))).toEqual(['expect_ids']);
  });

  it('wants every expected id and tolerates others', () => {
    expect(checks({ expectIds: [1, 2] }, seen(200, [3, 2, 1]))).toEqual([]);
    const [failure] = evaluateOutput({ ...DEFAULT_OUTPUT, expectIds: [1, 2] }, seen(200, [2]));
    expect(failure).toMatchObject({ check: 'expect_ids', ruleIds: [1] });
  });

  it('wants none of the unexpected ids', () => {
    expect(checks({ noExpectIds: [1] }, seen(200, [2]))).toEqual([]);
    expect(checks({ noExpectIds: [1] }, seen(200, [1, 2]))).toEqual(['no_expect_ids']);
  });

  it('wants a single rule when isolated', () => {
    expect(checks({ isolated: true, expectIds: [1] }, seen(200, [1, 1]))).toEqual([]);
    expect(checks({ isolated: true, expectIds: [1] }, seen(200, [1, 2]))).toEqual(['isolated']);
  });

  it('matches patterns line by line', () => {
    expect(checks({ matchRegexes: ['within ARGS:x"'] }, seen(200, [1]))).toEqual([]);
    expect(checks({ matchRegexes: ['within ARGS:y'] }, seen(200, [1]))).toEqual(['match_regex']);
    expect(checks({ noMatchRegexes: ['\\[id "\\d+"\\]'] }, seen(200))).toEqual([]);
    expect(checks({ noMatchRegexes: ['\\[id "\\d+"\\]'] }, seen(200, [1]))).toEqual([
      'no_match_regex',
    ]);
  });
});

describe('ruleIdsOf', () => {
  it('finds bracketed ids, quotes escaped or not', () => {
    expect(ruleIdsOf('a [id "1"] [file "x"] [id "22"]')).toEqual([1, 22]);
    expect(ruleIdsOf('{"m":"[id \\"3\\"]"}')).toEqual([3]);
    expect(ruleIdsOf('["id":"4"]')).toEqual([4]);
  });

  it('looks for JSON members only in lines without them', () => {
    expect(ruleIdsOf('{"id":"5","x":1}')).toEqual([5]);
    expect(ruleIdsOf('{"a":1,"ruleId":6}')).toEqual([6]);
    expect(ruleIdsOf('[id "1"] {"id":7}')).toEqual([1]);
    expect(ruleIdsOf('"grid":"8"')).toEqual([]);
  });
});
