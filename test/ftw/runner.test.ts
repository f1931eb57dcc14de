import { describe, expect, it } from 'vitest';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { NO_OVERRIDES, type Overrides, readOverrides } from '../../src/ftw/overrides.ts';
import { textReport } from '../../src/ftw/report.ts';
import { jsonReport } from '../../src/ftw/report-json.ts';
import { junitReport } from '../../src/ftw/report-junit.ts';
import { isSelected, runTest, type TestResult } from '../../src/ftw/runner.ts';
import { readTestText } from '../../src/ftw/schema.ts';
import { fakeTransaction, ruleMatch, type SeenExchange } from './fake-transaction.ts';

/** Rule 1 finds "attack" in the target. */
function rules(exchanges: SeenExchange[] = []) {
  return createInProcessTarget({
    begin: () =>
      fakeTransaction({
        matches: (seen) => (seen.head.uri.includes('attack') ? [ruleMatch(1)] : []),
        onFinish: (seen) => exchanges.push(seen),
      }),
  });
}

async function run(yaml: string, overrides: Overrides = NO_OVERRIDES, exchanges?: SeenExchange[]) {
  const results: TestResult[] = [];
  const target = rules(exchanges);
  for (const test of readTestText('t.yaml', yaml).tests) {
    results.push(await runTest(test, target, overrides));
  }
  return results;
}

const stage = (uri: string, output: string) =>
  `{input: {uri: "${uri}", headers: {Host: a.test}}, output: ${output}}`;
const test = (id: number, ...stages: string[]) =>
  `  - {test_id: ${id}, stages: [${stages.join(', ')}]}\n`;
const EXPECTED = '{log: {expect_ids: [1]}}';
const UNWANTED = '{log: {no_expect_ids: [1]}}';
const SUITE = `rule_id: 9\ntests:\n${[
  test(1, stage('/attack', EXPECTED)),
  test(2, stage('/attack', UNWANTED)),
  test(3, stage('/attack', EXPECTED), stage('/', EXPECTED)),
  test(4, stage('/', '{status: many}')),
].join('')}`;

describe('runTest', () => {
  it('passes when all stages pass, and names the stage that fails', async () => {
    const results = await run(SUITE);
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['9-1', 'passed'],
      ['9-2', 'failed'],
      ['9-3', 'failed'],
      ['9-4', 'failed'],
    ]);
    expect(results[1]?.stage).toMatchObject({ number: 1, failures: [{ check: 'no_expect_ids' }] });
    expect(results[2]?.stage?.number).toBe(2);
    expect(results[3]?.reason).toContain('t.yaml');
  });

  it('obeys overrides', async () => {
    const overrides = readOverrides(
      'o.yaml',
      "testoverride:\n  ignore: {'9-1': a}\n  forcepass: {'9-2': b}\n  forcefail: {'9-3': c}\n",
    );
    const outcomes = (await run(SUITE, overrides)).map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 3)).toEqual(['skipped', 'passed', 'failed']);
  });

  it('turns a test around that is expected to fail', async () => {
    const overrides = readOverrides(
      'o.yaml',
      'test_overrides:\n  - {rule_id: 9, test_ids: [1, 2], reason: known, expect_failure: true}\n',
    );
    const outcomes = (await run(SUITE, overrides)).map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2)).toEqual(['failed', 'passed']);
  });

  it('tries again once when the test allows it', async () => {
    const exchanges: SeenExchange[] = [];
    const again = `rule_id: 9\ntests:\n${test(1, stage('/', '{retry_once: true, log: {expect_ids: [1]}}'))}`;
    await run(again, NO_OVERRIDES, exchanges);
    expect(exchanges).toHaveLength(2);
  });

  it('carries cookies and redirects from stage to stage', async () => {
    const exchanges: SeenExchange[] = [];
    const response =
      '{status: 302, headers: {Set-Cookie: "s=1; Path=/", Location: "http://b.test/next?x#y"}}';
    await run(
      `rule_id: 9\ntests:\n  - test_id: 1\n    stages:\n      - input: {uri: /a, headers: {Host: a.test}, save_cookie: true, response: ${response}}\n        output: {status: 302}\n      - input: {follow_redirect: true, headers: {Host: a.test, Cookie: t=2}}\n        output: {}\n`,
      NO_OVERRIDES,
      exchanges,
    );
    expect(exchanges[1]?.head).toMatchObject({
      method: 'GET',
      uri: '/next?x',
      headers: [
        ['Host', 'b.test'],
        ['Cookie', 't=2; s=1'],
        ['Connection', 'close'],
      ],
    });
  });

  it('fails a stage that follows a redirect nobody gave', async () => {
    const [result] = await run(
      'rule_id: 9\ntests:\n  - test_id: 1\n    stages:\n      - {input: {follow_redirect: true}, output: {}}\n',
    );
    expect(result?.outcome).toBe('failed');
  });
});

describe('isSelected', () => {
  it('lets inclusion win over exclusion', () => {
    expect(isSelected('9-1', {})).toBe(true);
    expect(isSelected('9-1', { exclude: /9/ })).toBe(false);
    expect(isSelected('9-1', { include: /^9-1$/, exclude: /9/ })).toBe(true);
    expect(isSelected('9-2', { include: /^9-1$/ })).toBe(false);
  });
});

describe('reports', () => {
  it('count every test once', async () => {
    const overrides = readOverrides('o.yaml', "testoverride:\n  ignore: {'9-2': a}\n");
    const report = jsonReport(await run(SUITE, overrides));
    expect(report).toMatchObject({ total: 4, passed: 1, failed: 2, skipped: 1 });
    expect(report.tests.map(({ id, passed }) => [id, passed])).toEqual([
      ['9-1', true],
      ['9-3', false],
      ['9-4', false],
    ]);
    expect(Object.keys(report)).toEqual(['total', 'passed', 'failed', 'skipped', 'tests']);
    expect(report.tests[0]).toEqual({ id: '9-1', passed: true });
  });

  it('show a failing test with its request and what the rule saw', async () => {
    const text = textReport(await run(SUITE), { explain: (id) => [`saw nothing of ${id}`] });
    expect(text).toContain('FAIL 9-2');
    expect(text).toContain('GET /attack HTTP/1.1');
    expect(text).toContain('saw nothing of 1');
    expect(text).not.toContain('9-1 ');
  });

  it('are well-formed XML whatever a reason holds', async () => {
    const results = await run(SUITE);
    const hostile = results.map((result) => ({ ...result, reason: 'a<b>&"\x00\ud800\n' }));
    const xml = junitReport(hostile);
    expect(xml).toContain('message="a&#60;b&#62;&#38;&#34;??&#10;"');
    expect(xml.match(/<testcase /g)).toHaveLength(4);
  });
});
