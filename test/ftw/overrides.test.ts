import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyOverrides, staleOverrides } from '../../src/ftw/apply-overrides.ts';
import { mergeOverrides, readOverrides } from '../../src/ftw/overrides.ts';
import { readTestText } from '../../src/ftw/schema.ts';
import type { FtwTest } from '../../src/ftw/test-file.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

function testOf(ruleId: number, testId: number): FtwTest {
  const stage = '{input: {uri: /, headers: {A: b}}, output: {status: 400, log: {expect_ids: [1]}}}';
  const text = `rule_id: ${ruleId}\ntests:\n  - {test_id: ${testId}, stages: [${stage}, ${stage}]}\n`;
  return readTestText('t.yaml', text).tests[0]!;
}

describe('platform overrides', () => {
  const read = (entry: string) =>
    readOverrides('o.yaml', `version: v0\ntest_overrides:\n  - ${entry}\n`);

  it('replace the whole output of the tests they name', () => {
    const overrides = read('{rule_id: 9, test_ids: [1, 2], reason: x, output: {status: 200}}');
    const { test, reason } = applyOverrides(testOf(9, 2), overrides);
    expect(reason).toBe('x');
    expect(test.stages.map((stage) => stage.output)).toMatchObject([
      { statuses: [200], expectIds: [] },
      { statuses: [200], expectIds: [] },
    ]);
    expect(applyOverrides(testOf(9, 3), overrides).test.stages[0]?.output.statuses).toEqual([400]);
    expect(applyOverrides(testOf(8, 1), overrides).test.stages[0]?.output.statuses).toEqual([400]);
  });

  it('reach all tests of a rule without ids, and single stages with stage ids', () => {
    const overrides = read('{rule_id: 9, stage_ids: [1], reason: x, output: {status: 200}}');
    const { test } = applyOverrides(testOf(9, 77), overrides);
    expect(test.stages.map((stage) => stage.output.statuses)).toEqual([[400], [200]]);
  });

  it('expect nothing when they give no output', () => {
    const { test } = applyOverrides(testOf(9, 1), read('{rule_id: 9, test_ids: [1], reason: wip}'));
    expect(test.stages[0]?.output).toMatchObject({ statuses: [], expectIds: [] });
  });

  it('keep the output of a test that is expected to fail', () => {
    const overrides = read('{rule_id: 9, test_ids: [1], reason: x, expect_failure: true}');
    const applied = applyOverrides(testOf(9, 1), overrides);
    expect(applied.expectFailure).toBe(true);
    expect(applied.test.stages[0]?.output.statuses).toEqual([400]);
  });

  it('report what they misspell', () => {
    expect(read('{rule_id: 9, test_id: [1], reason: x, output: {}}').problems).toHaveLength(1);
    expect(read('{rule_id: 9, test_ids: [a], reason: x, output: {}}').problems[0]?.fatal).toBe(
      true,
    );
    expect(read('{test_ids: [1], reason: x, output: {}}').problems[0]?.fatal).toBe(true);
  });

  it('are stale when their tests are gone', () => {
    const overrides = read('{rule_id: 9, test_ids: [3], reason: x, output: {}}');
    expect(staleOverrides(['9-1', '9-2'], overrides)).toHaveLength(1);
    expect(staleOverrides(['9-3'], overrides)).toEqual([]);
    // Of a rule without tests in this run nothing can be said.
    expect(staleOverrides(['8-1'], overrides)).toEqual([]);
  });

  it('of later files win', () => {
    const merged = mergeOverrides([
      read('{rule_id: 9, reason: x, output: {status: 200}}'),
      read('{rule_id: 9, reason: y, output: {status: 201}}'),
    ]);
    expect(applyOverrides(testOf(9, 1), merged)).toMatchObject({ reason: 'y' });
    expect(applyOverrides(testOf(9, 1), merged).test.stages[0]?.output.statuses).toEqual([201]);
  });
});

describe('testoverride of a go-ftw configuration', () => {
  const read = (text: string) => readOverrides('.ftw.yml', `logfile: x\ntestoverride:\n${text}`);

  it('decides by patterns on names', () => {
    const overrides = read(
      "  ignore: {'^9-1$': a}\n  forcepass: {'^9-.*': b}\n  forcefail: {'9-3': c}\n",
    );
    expect(overrides.problems).toEqual([]);
    expect(applyOverrides(testOf(9, 1), overrides)).toMatchObject({ fate: 'ignore', reason: 'a' });
    expect(applyOverrides(testOf(9, 2), overrides)).toMatchObject({ fate: 'forcepass' });
    expect(applyOverrides(testOf(9, 3), overrides)).toMatchObject({ fate: 'forcefail' });
    expect(applyOverrides(testOf(8, 1), overrides).fate).toBe(undefined);
  });

  it('changes what is sent', () => {
    const overrides = read(
      '  input: {dest_addr: h, port: 81, override_empty_host_header: true, headers: {a: c, D: e}, stop_magic: true}\n',
    );
    expect(overrides.problems).toEqual([]);
    expect(applyOverrides(testOf(9, 1), overrides).test.stages[0]?.input).toMatchObject({
      address: 'h',
      port: 81,
      uri: '/',
      autocompleteHeaders: false,
      headers: [
        ['a', 'c'],
        ['D', 'e'],
        ['Host', 'h'],
      ],
    });
  });

  it('reports patterns that are none and fields it does not know', () => {
    expect(read("  ignore: {'(': a}\n").problems).toHaveLength(1);
    expect(read('  skip: {a: b}\n').problems).toHaveLength(1);
  });
});

const REGRESSION = sharedPath('../crs/v4.28.0/tests/regression');

describeShared('the override files of CRS 4.28.0', REGRESSION, () => {
  it('are read without problems', () => {
    const names = readdirSync(REGRESSION).filter((name) => name.endsWith('-overrides.yaml'));
    expect(names).toHaveLength(3);
    for (const name of names) {
      const overrides = readOverrides(name, readFileSync(join(REGRESSION, name), 'utf8'));
      expect(overrides.problems).toEqual([]);
      expect(overrides.outputs.length).toBeGreaterThan(0);
    }
  });
});
