import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crsCommand } from '../../src/cli/crs.ts';
import { FailureError, UsageError } from '../../src/cli/output.ts';
import { archiveOf, releaseFiles, writeFiles } from '../support/crs-release.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-cli-crs-'));
  vi.stubEnv('PORTCULLIS_HOME', join(root, 'home'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as main does: errors become an exit status and a message. */
async function run(...args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  const command = crsCommand();
  for (const one of [command, ...command.commands]) one.exitOverride();
  try {
    await command.parseAsync(args, { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (error instanceof UsageError) return { status: 2, ...written, stderr: error.message };
    if (error instanceof FailureError) return { status: 1, ...written, stderr: error.message };
    if (error instanceof CommanderError) {
      return { status: error.exitCode === 0 ? 0 : 2, ...written };
    }
    throw error;
  } finally {
    process.exitCode = before;
    for (const stream of streams) stream.mockRestore();
  }
}

function release(version: string): string {
  return writeFiles(join(root, version), releaseFiles(version));
}

describe('portcullis crs install', () => {
  it('puts data on stdout, a warning about unknown digests on stderr, and exits 0', async () => {
    const { status, stdout, stderr } = await run('install', '--from', release('4.1.0'));
    expect(status).toBe(0);
    expect(stdout).toContain(join(root, 'home', 'crs', '4.1.0'));
    expect(stderr).toContain('digests unknown');
  });

  it('takes a version with and without v, and an archive', async () => {
    const file = join(root, 'x.tar.gz');
    writeFileSync(file, archiveOf(releaseFiles('4.1.0')));
    expect((await run('install', 'v4.1.0', '--from', file)).status).toBe(0);
    expect((await run('install', '4.1.0', '--from', file, '--force')).status).toBe(0);
  });

  it('prints one JSON document on request', async () => {
    const { stdout } = await run('install', '--json', '--from', release('4.1.0'));
    expect(JSON.parse(stdout)).toMatchObject({ version: '4.1.0', verified: false, files: 4 });
  });

  it('exits 1 when refused and names each file that differs', async () => {
    // No file of this is what the real release had.
    const refused = await run('install', '--from', release('4.28.0'));
    expect(refused.status).toBe(1);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('rules/REQUEST-901-INITIALIZATION.conf');
    expect(refused.stderr).toContain('rules/words.data');
    expect((await run('install', '--from', join(root, 'nowhere'))).status).toBe(1);
    await run('install', '--from', release('4.1.0'));
    expect((await run('install', '--from', release('4.1.0'))).status).toBe(1);
    expect((await run('verify', '4.28.0')).status).toBe(1);
  });

  it('exits 2 for a wrong command line', async () => {
    expect((await run('install', 'newest')).status).toBe(2);
    expect((await run('install', '../4.28.0')).status).toBe(2);
    expect((await run('install', '4.28.0', '4.27.0', '4.26.0', '--frm')).status).toBe(2);
    expect((await run('unknown')).status).toBe(2);
  });
});

describe('portcullis crs list', () => {
  it('shows known and installed releases and marks the default', async () => {
    const marked = (text: string): readonly string[] =>
      text.split('\n').filter((line) => line.startsWith('*'));
    const before = (await run('list')).stdout;
    expect(before).toContain('4.28.0');
    expect(marked(before)).toEqual([expect.stringContaining('starter')]);
    await run('install', '--from', release('4.1.0'));
    const after = (await run('list')).stdout;
    expect(marked(after)).toEqual([expect.stringContaining('4.1.0')]);
  });

  it('prints JSON', async () => {
    await run('install', '--from', release('4.1.0'));
    const listing = JSON.parse((await run('list', '--json')).stdout);
    expect(listing.default).toBe('4.1.0');
    expect(listing.releases).toContainEqual(
      expect.objectContaining({ version: '4.28.0', known: true, installed: null }),
    );
    expect(listing.releases).toContainEqual(
      expect.objectContaining({
        version: '4.1.0',
        known: false,
        installed: expect.objectContaining({ intact: true }),
      }),
    );
  });
});

describe('portcullis crs verify', () => {
  it('exits 0 as long as nothing changed, and 1 with the changed files afterwards', async () => {
    await run('install', '--from', release('4.1.0'));
    expect((await run('verify')).status).toBe(0);
    expect((await run('verify', '4.1.0')).status).toBe(0);
    writeFileSync(join(root, 'home/crs/4.1.0/rules/words.data'), 'x');
    const { status, stdout } = await run('verify');
    expect(status).toBe(1);
    expect(stdout).toContain('rules/words.data');
    const json = await run('verify', '4.1.0', '--json');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout).releases[0]).toMatchObject({ intact: false });
  });

  it('exits 1 when there is nothing to verify', async () => {
    expect((await run('verify')).status).toBe(1);
    expect((await run('verify', '4.1.0')).status).toBe(1);
  });
});

describe('portcullis crs --help', () => {
  it.each([[], ['install'], ['list'], ['verify']])('shows an example for %j', async (...name) => {
    const { status, stdout } = await run(...name, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('portcullis crs');
  });
});
