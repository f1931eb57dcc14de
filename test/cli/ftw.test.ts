// portcullis ftw as scripts see it: exit codes, and broken files that are named while the rest runs on.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { portcullis } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-ftw-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const RULES = file(
  'rules.conf',
  'SecRuleEngine On\nSecRule ARGS:a "@streq evil" "id:1,phase:1,deny,log"\n',
);

function tests(name: string, expected: string): string {
  return file(
    name,
    `rule_id: 1
tests:
  - test_id: 1
    stages:
      - input: {dest_addr: 127.0.0.1, uri: "/?a=evil", headers: {Host: localhost}}
        output: {log: {${expected}: [1]}}
`,
  );
}
const GOOD = tests('good.yaml', 'expect_ids');
const WRONG = tests('wrong.yaml', 'no_expect_ids');
const BROKEN = file('broken.yaml', 'a: [1\n');

async function run(
  ...args: readonly string[]
): Promise<{ status: number | null; report: unknown; stderr: string }> {
  const result = await portcullis(['ftw', '--json', '--rules', RULES, ...args]);
  return {
    status: result.status,
    report: result.stdout === '' ? undefined : JSON.parse(result.stdout),
    stderr: result.stderr,
  };
}

describe('portcullis ftw', () => {
  it('ends with 0 when all tests pass', async () => {
    const { status, report } = await run(GOOD);
    expect(status).toBe(0);
    expect(report).toMatchObject({ total: 1, passed: 1, failed: 0 });
  });

  it('ends with 1 when one fails, and says why', async () => {
    const { status, report } = await run(WRONG);
    expect(status).toBe(1);
    expect(report).toMatchObject({ failed: 1, tests: [{ id: '1-1', passed: false }] });
  });

  it('counts a broken file as failed and runs the others', async () => {
    const { status, report, stderr } = await run(BROKEN, GOOD);
    expect(status).toBe(1);
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(stderr).toContain(`${BROKEN}:2:1`);
  });

  it('runs without a broken overrides file, and does not end with 0', async () => {
    const { status, report, stderr } = await run('--overrides', BROKEN, GOOD);
    expect(status).toBe(1);
    expect(report).toMatchObject({ passed: 1, failed: 0 });
    expect(stderr).toContain(`${BROKEN}:2:1`);
  });

  it.each([
    ['no tests at all', []],
    ['tests that are not there', [join(FOLDER, 'missing.yaml')]],
    ['a filter that selects none', ['--include', '^9', GOOD]],
  ])('ends with 2 for %s', async (_name, args) => {
    expect((await run(...args)).status).toBe(2);
  });
});
