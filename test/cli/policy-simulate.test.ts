import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CommandOutcome, portcullis } from '../support/command.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-simulate-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const RULES = file('rules.conf', 'SecRuleEngine On\nSecRule ARGS "@contains evil" "id:1,deny"\n');
const USERS = 'attribution: [{from: header, name: X-User, trusted: true}]\n';
const CURRENT = file(
  'current.yaml',
  `${USERS}rateLimits: [{name: polite, action: block, for: 1m, conditions: {moreThan: 5, in: 1m}}]\n`,
);
const PROPOSED = file(
  'proposed.yaml',
  `${USERS}rateLimits: [{name: polite, action: block, for: 1m, conditions: {moreThan: 3, in: 1m}}]
signatures:
- {name: try, action: testing, payload: {part: request.path, operator: startsWith, value: /b}}
`,
);

const START = Date.UTC(2026, 10, 21, 10);

function record(id: string, seconds: number | undefined, more: object = {}): string {
  const time = seconds === undefined ? undefined : new Date(START + seconds * 1000).toISOString();
  const headers = [
    ['Host', 'a'],
    ['X-User', 'ann'],
  ];
  const client = { address: '203.0.113.7', port: 1 };
  return JSON.stringify({ id, method: 'GET', uri: '/', headers, client, time, ...more });
}

function simulate(input: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const all = ['policy', 'simulate', '--no-cache', '--rules', RULES, ...args, '-'];
  return portcullis(all, { input });
}

const both = ['--current', CURRENT, '--proposed', PROPOSED];

describe('portcullis policy simulate', () => {
  it('tells which decisions would change, and what rules that watch would tell', async () => {
    const records = [0, 1, 2, 3, 4].map((at) => record(`r${at}`, at, { uri: at < 2 ? '/b' : '/' }));
    const { stdout, status } = await simulate(records.join('\n'), ...both);
    expect(stdout.split('\n')).toEqual([
      'r3: allow by fallback -> block by threshold-block "polite"',
      'r4: allow by fallback -> block by threshold-block "polite"',
      '2 of 5 decisions would change',
      '  fallback: 5 -> 3',
      '  threshold-block: 0 -> 2',
      '  events of rate-limit "polite" block: 0 -> 1',
      '  events of signature "try" testing: 0 -> 2',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('goes by the times of the records, and by the last one where there is none', async () => {
    const far = [0, 30, 60, 90, 120, 150].map((at) => record(`far${at}`, at)).join('\n');
    expect((await simulate(far, ...both)).stdout).toMatch(/^0 of 6 decisions/);
    const together = [record('a', 0), ...['b', 'c', 'd'].map((id) => record(id, undefined))];
    expect((await simulate(together.join('\n'), ...both)).stdout).toMatch(/^d: .*\n1 of 4/);
  });

  it('decides the same every time, times that go back included', async () => {
    const lines = Array.from({ length: 2000 }, (_, at) =>
      record(`r${at}`, Math.floor(at / 4) - (at % 7 === 0 ? 20 : 0), {
        uri: at % 11 === 0 ? '/?q=evil' : `/b/${at}`,
        headers: [['X-User', `u${(at * at) % 17}`]],
      }),
    );
    const args = [...both, '--json', '--all'] as const;
    const [first, second] = await Promise.all(
      [1, 2].map(() => simulate(lines.join('\n'), ...args)),
    );
    expect(first?.stdout).toBe(second?.stdout);
    const out = first?.stdout.trimEnd().split('\n') ?? [];
    expect(out).toHaveLength(2001);
    const { exchanges, rows } = JSON.parse(out.at(-1) as string);
    expect(exchanges).toBe(2000);
    const decided: Record<string, number> = {};
    for (const line of out.slice(0, -1)) {
      const { row } = JSON.parse(line).proposed as { row: string };
      decided[row] = (decided[row] ?? 0) + 1;
    }
    expect(decided).toEqual(rows.proposed);
    expect(Object.keys(decided).sort()).toEqual(['fallback', 'signature-block', 'threshold-block']);
  });

  it('goes on behind a record that cannot be read, and says so', async () => {
    const { stdout, stderr, status } = await simulate(
      `{"id":\n${record('a', 0)}\n`,
      ...both,
      '--json',
    );
    expect(status).toBe(1);
    expect(stderr).not.toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ exchanges: 1, unread: 1, changed: 0 });
  });

  it('says that nobody is blocked where records name no client', async () => {
    const nobody = record('a', 0, { client: undefined });
    expect((await simulate(nobody, ...both)).stderr).toMatch(/^1 records name no client/);
    expect((await simulate(record('a', 0), ...both)).stderr).toBe('');
  });

  it('refuses a policy with errors', async () => {
    const broken = file('broken.yaml', 'sources: [{name: r}]');
    const { stdout, status } = await simulate(record('a', 0), '--proposed', broken);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});
