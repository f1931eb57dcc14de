import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { portcullis } from '../support/command.ts';

const COMMAND = fileURLToPath(new URL('../../bin/portcullis.js', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-serve-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const TOKEN = 'token-of-the-tests-0123456789';
const POLICY = join(FOLDER, 'shop.yaml');
const RULES = join(FOLDER, 'rules.conf');
writeFileSync(RULES, 'SecRuleEngine On\n');
const policy = (path: string): string => `events: { file: events.jsonl }
signatures:
  - name: keep out # of here
    action: block
    payload: { part: request.path, operator: startsWith, value: ${path} }
`;

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly admin: string;
  /** Waits until the talk matches. */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>;
}

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }
});

async function serve(args: readonly string[]): Promise<Serving> {
  const child = spawn(
    process.execPath,
    [COMMAND, 'serve', '--demo', '--listen', '127.0.0.1:0', '--policy', POLICY, ...args],
    { env: { ...process.env, PORTCULLIS_ADMIN_TOKEN: TOKEN }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  running.push(child);
  let talk = '';
  let from = 0;
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(talk.slice(from));
        if (match === null) return;
        from += match.index + match[0].length;
        child.stderr?.off('data', look);
        resolve(match);
      };
      child.stderr?.on('data', look);
      child.on('close', () => reject(new Error(`it ended: ${talk}`)));
      look();
    });
  child.stderr?.on('data', (data: Buffer) => {
    talk += data.toString();
  });
  const admin = args.includes('--admin') ? await said(/admin API on (\S+)/) : ['', ''];
  const [, url = ''] = await said(/portcullis: (http:\S+) ->/);
  return { child, url, admin: admin[1] ?? '', said };
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe('portcullis serve --policy', () => {
  it('runs the policy, takes it anew on SIGHUP, and refuses one with errors', async () => {
    writeFileSync(POLICY, policy('/one'));
    const { child, url, said } = await serve(['--rules', RULES]);
    expect(await statusOf(`${url}/one`)).toBe(403);
    expect(await statusOf(`${url}/two`)).not.toBe(403);
    writeFileSync(POLICY, policy('/two'));
    child.kill('SIGHUP');
    await said(/loaded anew/);
    expect(await statusOf(`${url}/one`)).not.toBe(403);
    expect(await statusOf(`${url}/two`)).toBe(403);
    writeFileSync(POLICY, policy('/one').replace('block', 'blok'));
    child.kill('SIGHUP');
    await said(/shop\.yaml:4:13: error\[policy-unknown-value\][\s\S]*NOT RELOADED/);
    expect(await statusOf(`${url}/two`)).toBe(403);
    // An event is written when its exchange is over, which is after the answer.
    await vi.waitFor(() => {
      const lines = readFileSync(join(FOLDER, 'events.jsonl'), 'utf8').trimEnd().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { rule: string }).rule)).toEqual(
        Array(3).fill('keep out'),
      );
    });
  });

  it('has all workers take the policy anew, those too that are just starting', async () => {
    writeFileSync(POLICY, policy('/one'));
    const { child, url, said } = await serve(['--rules', RULES, '--workers', '2']);
    // The second worker is on its way by now.
    writeFileSync(POLICY, policy('/two'));
    child.kill('SIGHUP');
    await said(/loaded anew/);
    await said(/loaded anew/);
    for (let at = 0; at < 6; at++) {
      expect(await statusOf(`${url}/one`)).not.toBe(403);
      expect(await statusOf(`${url}/two`)).toBe(403);
    }
  });

  it('has an admin API whose changes hold at once', async () => {
    writeFileSync(POLICY, policy('/one'));
    const { url, admin } = await serve([
      '--rules',
      RULES,
      '--admin',
      '127.0.0.1:0',
      '--no-value-cache',
      '--state',
      `lmdb:${join(FOLDER, 'state')}`,
    ]);
    const ask = (method: string, path: string, body?: object): Promise<Response> =>
      fetch(`${admin}${path}`, {
        method,
        headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    expect((await fetch(`${admin}/rules`)).status).toBe(401);
    expect(await statusOf(`${url}/one`)).toBe(403);
    const off = await ask('POST', '/rules/signatures/keep%20out/disable');
    expect(await off.json()).toMatchObject({ revision: 2, inForce: true });
    expect(await statusOf(`${url}/one`)).not.toBe(403);
    const exchange = { method: 'GET', uri: '/one', headers: [] };
    await ask('POST', '/rules/signatures/keep%20out/enable');
    const why = await ask('POST', '/policy/explain', { exchange });
    expect(await why.json()).toMatchObject({ row: 'custom-signature-block', rule: 'keep out' });
    await ask('POST', '/actors/allow', { address: '127.0.0.1', for: '1h' });
    expect(await statusOf(`${url}/one`)).not.toBe(403);
    await ask('POST', '/actors/disallow', { address: '127.0.0.1' });
    expect(await statusOf(`${url}/one`)).toBe(403);
    await vi.waitFor(async () => {
      const metrics = await (await ask('GET', '/metrics')).text();
      expect(metrics).toMatch(/^portcullis_exchanges_total\{result="blocked"\} 2$/m);
      expect(metrics).not.toContain('portcullis_cache_hits');
    });
    const events = (await (await ask('GET', '/events')).json()) as object[];
    expect(events[0]).toMatchObject({ rule: 'keep out', kind: 'signature' });
    expect(readFileSync(POLICY, 'utf8')).toContain('keep out # of here\n    enabled: true\n');
  });

  it('does not start with an admin API that has no token, or a short one', async () => {
    writeFileSync(POLICY, policy('/one'));
    const short = join(FOLDER, 'short');
    writeFileSync(short, 'short\n');
    const base = ['serve', '--demo', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'];
    const none = await portcullis(base, { env: { PORTCULLIS_ADMIN_TOKEN: '' } });
    expect(none.status).toBe(2);
    const file = await portcullis([...base, '--admin-token-file', short]);
    expect(file.status).toBe(2);
    expect(file.stderr).not.toContain('short\n');
    const absent = await portcullis([...base, '--admin-token-file', join(FOLDER, 'absent')]);
    expect(absent.status).toBe(2);
  });

  it('does not start with a policy that has errors', async () => {
    writeFileSync(POLICY, 'signatures: 7\n');
    const { status, stderr } = await portcullis(['serve', '--demo', '--policy', POLICY]);
    expect(status).toBe(1);
    expect(stderr).toContain('policy-wrong-type');
  });
});
