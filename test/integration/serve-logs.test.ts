// The logs of `portcullis serve` as a user runs it: the built command, real files, real signals.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;
const isBuilt = existsSync(join(ROOT, 'dist/cli/serve-logs.js'));
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-serve-logs-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
  }
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);
const read = (name: string): string =>
  existsSync(path(name)) ? readFileSync(path(name), 'latin1') : '';

/** A busy machine takes ten seconds to start a process. */
const PATIENCE_MS = 40_000;

async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stop: () => Promise<number | null>;
}

async function serve(rules: string, ...args: string[]): Promise<Serving> {
  writeFileSync(path('rules.conf'), rules);
  const all = ['serve', '--demo', '--rules', path('rules.conf'), '--listen', '0', ...args];
  const child = spawn(process.execPath, [join(ROOT, 'bin/portcullis.js'), ...all], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let told = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    told += bytes.toString();
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const found = (): string | undefined => /http:\/\/127\.0\.0\.1:\d+(?= ->)/.exec(told)?.[0];
  await until(() => found() !== undefined || child.exitCode !== null);
  return {
    url: found() ?? '',
    child,
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
}

const get = async (url: string): Promise<number> => (await fetch(url)).status;

const RULES = (): string => `SecRuleEngine On
SecAuditEngine RelevantOnly
SecAuditLog ${path('audit')}
SecDebugLog ${path('debug')}
SecDebugLogLevel 4
SecRule ARGS:a "@streq evil" "id:1,phase:1,deny,status:403,msg:'evil'"
`;

describe.skipIf(!isBuilt)('the logs of portcullis serve', () => {
  it('are written as the rules and --error-log ask, and opened anew at SIGHUP', async () => {
    const serving = await serve(RULES(), '--error-log', path('error'));
    expect(await get(`${serving.url}/?a=evil&n=1`)).toBe(403);
    await get(`${serving.url}/?a=good`);
    await until(() => read('error').includes('n=1') && read('debug').includes('a=good'));
    expect(read('audit')).toMatch(/^GET \/\?a=evil&n=1 HTTP\/1\.1$/m);
    expect(read('audit')).not.toContain('a=good');
    expect(read('error').trimEnd().split('\n')).toHaveLength(1);

    for (const name of ['audit', 'error', 'debug']) renameSync(path(name), path(`${name}.1`));
    serving.child.kill('SIGHUP');
    await until(() => existsSync(path('debug')));
    expect(await get(`${serving.url}/?a=evil&n=2`)).toBe(403);
    await until(() => read('error').includes('n=2') && read('audit').includes('n=2'));
    expect(read('error.1')).not.toContain('n=2');
    expect(await serving.stop()).toBe(0);
  }, 30_000);

  it('are shared by all workers, which SIGHUP reaches through the first process', async () => {
    const serving = await serve(RULES(), '--workers', '2');
    for (let n = 0; n < 6; n++) await get(`${serving.url}/?a=evil&n=${n}`);
    await until(() => (read('audit').match(/^GET /gm) ?? []).length === 6);
    renameSync(path('audit'), path('audit.1'));
    serving.child.kill('SIGHUP');
    await until(() => existsSync(path('audit')));
    // The other worker may take a moment longer; its entries must not be lost meanwhile.
    for (let n = 6; n < 12; n++) await get(`${serving.url}/?a=evil&n=${n}`);
    await until(() => ((read('audit') + read('audit.1')).match(/^GET /gm) ?? []).length === 12);
    expect(await serving.stop()).toBe(0);
  }, 30_000);

  it('are left unwritten with --no-rule-logs', async () => {
    const serving = await serve(RULES(), '--no-rule-logs');
    await get(`${serving.url}/?a=evil`);
    expect(await serving.stop()).toBe(0);
    expect(existsSync(path('audit')) || existsSync(path('debug'))).toBe(false);
  }, 30_000);

  it('keep serve from starting when they cannot be opened', async () => {
    const rules = `SecRuleEngine On\nSecAuditLog ${path('missing/audit')}\n`;
    const serving = await serve(rules);
    expect(serving.url).toBe('');
    expect(serving.child.exitCode).toBe(1);
  }, 30_000);
});
