import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutsideAnswer } from '../../src/model/outside.ts';
import { PROGRAM_LIMITS, type ProgramLimits, Programs } from '../../src/waf/programs.ts';
import { programFolder } from '../support/programs.ts';

const folder = programFolder();
const QUICK: ProgramLimits = { ...PROGRAM_LIMITS, timeoutMs: 500, maxOutputBytes: 1000 };

function run(
  path: string,
  argument?: string,
  environment: Readonly<Record<string, string>> = {},
  limits: ProgramLimits = PROGRAM_LIMITS,
): Promise<OutsideAnswer> {
  return new Programs([path], limits).run({ path, argument, environment });
}

const failed = { kind: 'failure', message: expect.any(String) };

describe('a program', () => {
  it('is given its argument as it is, without a shell', async () => {
    const path = folder.add('show', 'printf "%s|%s" "$#" "$1"');
    const argument = '$(id) `id`; "*" \'a\' \xc3\xa4';
    expect(await run(path, argument)).toEqual({
      kind: 'output',
      text: `1|${argument}`,
      status: 0,
    });
  });

  it('is given no argument where there is none', async () => {
    const path = folder.add('count', 'printf "%s" "$#"');
    expect(await run(path)).toMatchObject({ text: '0' });
  });

  it('sees the variables of its call and PATH, and nothing else of this process', async () => {
    process.env['PORTCULLIS_TEST_SECRET'] = 'secret';
    const path = folder.add('environment', 'env');
    const answer = await run(path, undefined, { HTTP_X: 'a\0\xff\nb', UTF: '\xc3\xa4' });
    delete process.env['PORTCULLIS_TEST_SECRET'];
    const text = answer.kind === 'output' ? answer.text : '';
    expect(text).toContain('HTTP_X=a??b\n');
    expect(text).toContain('UTF=\xc3\xa4\n');
    expect(text).toContain('PATH=');
    expect(text).not.toContain('SECRET');
  });

  it('tells its exit status', async () => {
    const path = folder.add('seven', 'echo out; echo err >&2; exit 7');
    expect(await run(path)).toEqual({ kind: 'output', text: 'out\n', status: 7 });
  });

  it.each([
    ['does not end', 'while :; do sleep 1; done'],
    ['starts something that does not end, and waits for it', 'sleep 1000'],
    ['prints without end', 'yes'],
    ['kills itself', 'kill -9 $$'],
    ['is no script that can be run', 'exit 0', 0o644],
  ])('that %s has failed', async (what, script, mode = 0o755) => {
    const path = folder.add(what.replace(/\W/g, '-'), script, mode);
    expect(await run(path, undefined, {}, QUICK)).toEqual(failed);
  });

  it('that is not there has failed', async () => {
    expect(await run(join(folder.path, 'nothing'))).toEqual(failed);
  });

  it('that has ended does not wait for what it has left behind', async () => {
    const path = folder.add('daemon', 'sleep 1000 &\necho 1');
    expect(await run(path)).toEqual({ kind: 'output', text: '1\n', status: 0 });
  });

  it('is killed with what it has started', async () => {
    const pid = join(folder.path, 'pid');
    const path = folder.add('parent', `sleep 1000 &\necho $! > ${pid}\nwait`);
    expect(await run(path, undefined, {}, QUICK)).toEqual(failed);
    const child = Number(readFileSync(pid, 'latin1'));
    await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
  });

  it.each([
    ['an option', '-rf'],
    ['longer than a path', `/${'a'.repeat(4096)}`],
    ['with a NUL byte', '/tmp/a\0b'],
    ['not UTF-8', '/tmp/\xff'],
  ])('is not run with an argument that is %s', async (_what, argument) => {
    const mark = join(folder.path, 'mark');
    const path = folder.add('marks', `touch ${mark}`);
    expect(await run(path, argument)).toEqual(failed);
    expect(existsSync(mark)).toBe(false);
  });

  it('is not run unless it is allowed', async () => {
    const path = folder.add('other', 'echo 1');
    const programs = new Programs([join(folder.path, 'one')], PROGRAM_LIMITS);
    expect(await programs.run({ path, argument: undefined, environment: {} })).toEqual(failed);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is nobody.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

describe('many programs', () => {
  it('wait for each other, and the ones that find no place have failed', async () => {
    const path = folder.add('slow', 'sleep 0.1; echo 1');
    const programs = new Programs([path], { ...PROGRAM_LIMITS, maxRunning: 2, maxWaiting: 3 });
    const call = { path, argument: undefined, environment: {} };
    const answers = await Promise.all(Array.from({ length: 7 }, () => programs.run(call)));
    expect(answers.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 5 }, () => 'output'),
      'failure',
      'failure',
    ]);
    expect(await programs.run(call)).toMatchObject({ kind: 'output' });
  });

  it('that wait too long have failed', async () => {
    const path = folder.add('slower', 'sleep 1000');
    const programs = new Programs([path], { ...QUICK, maxRunning: 1 });
    const call = { path, argument: undefined, environment: {} };
    expect(await Promise.all([programs.run(call), programs.run(call)])).toEqual([failed, failed]);
  });

  it('are waited for at the end, and no more are taken', async () => {
    const mark = join(folder.path, 'ended');
    const path = folder.add('last', `sleep 0.2; touch ${mark}`);
    const programs = new Programs([path], PROGRAM_LIMITS);
    const call = { path, argument: undefined, environment: {} };
    void programs.run(call);
    await programs.close();
    expect(existsSync(mark)).toBe(true);
    expect(await programs.run(call)).toEqual(failed);
  });
});
