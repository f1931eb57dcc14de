// `portcullis serve` as a user runs it: the built command in processes of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { once, RawClient } from '../adapters/support/raw-client.ts';
import { httpUpstream, type TestUpstream } from '../adapters/support/upstreams.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const isBuilt = existsSync(join(ROOT, 'dist/cli/serve.js'));
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

const RULES = `
SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess On
SecRule ARGS "@contains evil" "id:1,phase:2,deny,status:403,log,msg:'evil argument',severity:CRITICAL"
SecRule RESPONSE_BODY "@contains secret" "id:2,phase:4,deny,status:403,log,msg:'a leak'"
`;

interface Running {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly port: Promise<number>;
  readonly exit: Promise<number | null>;
}

const children: ChildProcess[] = [];

function run(...args: string[]): Running {
  const child = spawn(process.execPath, [join(ROOT, 'bin/portcullis.js'), 'serve', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let announce: (port: number) => void = () => {};
  const running: Running = {
    child,
    stdout: '',
    stderr: '',
    port: new Promise((resolve) => {
      announce = resolve;
    }),
    exit: new Promise((resolve) => {
      child.on('close', (code) => resolve(code));
    }),
  };
  child.stdout?.on('data', (bytes: Buffer) => {
    running.stdout += bytes.toString();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    running.stderr += bytes.toString();
    const port = /http:\/\/127\.0\.0\.1:(\d+) ->/.exec(running.stderr)?.[1];
    if (port !== undefined) announce(Number(port));
  });
  return running;
}

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!isBuilt)('portcullis serve', () => {
  let folder: string;
  let rules: string;
  let upstream: TestUpstream;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-serve-'));
    rules = join(folder, 'rules.conf');
    writeFileSync(rules, RULES);
    upstream = await httpUpstream((request, response) => {
      response.setHeader('Content-Type', 'text/plain');
      const late = request.url === '/late' ? 300 : 0;
      setTimeout(() => response.end(request.url === '/leak' ? 'a secret' : 'fine'), late);
    });
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  afterAll(async () => {
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  const serve = (...args: string[]): Running =>
    run(
      '--rules',
      rules,
      '--upstream',
      `http://127.0.0.1:${upstream.port}`,
      '--listen',
      '0',
      ...args,
    );

  it('passes, blocks, and tells of each exchange on one line', async () => {
    const serving = serve('--json');
    const port = await serving.port;
    expect((await once(port, get('/?q=good')))?.status).toBe(200);
    expect((await once(port, get('/?q=evil')))?.status).toBe(403);
    expect((await once(port, get('/leak')))?.status).toBe(403);
    serving.child.kill('SIGTERM');
    expect(await serving.exit).toBe(0);
    const lines = serving.stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { uri: '/?q=good', status: 200, result: 'passed', matched: [] },
      { uri: '/?q=evil', status: 403, result: 'blocked', evidence: { rule: 1 } },
      { uri: '/leak', status: 403, result: 'blocked', evidence: { rule: 2 } },
    ]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes what runs on %s', async (signal) => {
    const serving = serve();
    const port = await serving.port;
    const idle = new RawClient(port);
    const busy = new RawClient(port).send(get('/late'));
    await pause(100);
    serving.child.kill(signal);
    const response = await busy.response();
    expect(response?.body).toBe('fine');
    expect(response?.head).toContain('Connection: close');
    expect(await idle.untilClosed()).toBe('');
    expect(await serving.exit).toBe(0);
  });

  it('serves with several workers, replaces one that dies, and drains them all', async () => {
    // A fixed port: with 0, a port is gone for good when the only worker on it dies.
    const serving = serve('--workers', '2', '--listen', String(await freePort()));
    const port = await serving.port;
    for (let at = 0; at < 4; at++) expect((await once(port, get('/')))?.status).toBe(200);
    await eventually(async () => (await childrenOf(serving)).length === 2);
    const [worker = 0] = await childrenOf(serving);
    process.kill(worker, 'SIGKILL');
    await eventually(async () => serving.stderr.includes(`worker ${worker} ended`));
    await eventually(async () => (await childrenOf(serving)).length === 2);
    // The killed one may have been the only one that listened yet.
    await eventually(async () => (await once(port, get('/')))?.status === 200);
    for (let at = 0; at < 4; at++) {
      expect((await once(port, get('/?q=evil')))?.status).toBe(403);
    }
    const busy = new RawClient(port).send(get('/late'));
    await pause(100);
    serving.child.kill('SIGTERM');
    expect((await busy.response())?.body).toBe('fine');
    expect(await serving.exit).toBe(0);
  });

  it.each([['1'], ['2']])(
    'ends with status 2 when the port is taken, %s workers',
    async (count) => {
      const serving = run(
        '--rules',
        rules,
        '--upstream',
        'http://127.0.0.1:1',
        '--listen',
        `${upstream.port}`,
        '--workers',
        count,
      );
      expect(await serving.exit).toBe(2);
      expect(serving.stderr).toContain(`${upstream.port}`);
    },
  );

  it('tells all mistakes at once and ends with status 2', async () => {
    const serving = run(
      '--upstream',
      'ftp://x',
      '--listen',
      'x',
      '--workers',
      '0',
      '--trust-forwarded',
      'y',
    );
    expect(await serving.exit).toBe(2);
    for (const option of ['--upstream', '--listen', '--workers', '--trust-forwarded', '--rules']) {
      expect(serving.stderr).toContain(option);
    }
  });

  it('brings an application of its own with --demo', async () => {
    const serving = run('--demo', '--rules', rules, '--listen', '0');
    const port = await serving.port;
    expect((await once(port, get('/search?q=lamp')))?.status).toBe(200);
    expect((await once(port, get('/search?q=evil')))?.status).toBe(403);
    serving.child.kill('SIGTERM');
    expect(await serving.exit).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const upstream = await httpUpstream();
  await upstream.close();
  return upstream.port;
}

async function childrenOf(serving: Running): Promise<number[]> {
  const { pid } = serving.child;
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return text.split(' ').filter(Boolean).map(Number);
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass within 30 s');
    await pause(50);
  }
}
