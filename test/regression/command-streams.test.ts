// Standard streams that cannot be read or written: a sentence and a status, never a stack trace.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../bin/portcullis.js', import.meta.url));

function withStreams(
  args: readonly string[],
  stdin: number | 'ignore',
  stdout: number | 'pipe',
): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    stdio: [stdin, stdout, 'pipe'],
    encoding: 'utf8',
  });
  return { status, stderr };
}

describe('a command', () => {
  it('says that a directory on its standard input cannot be read', () => {
    const directory = openSync(tmpdir(), 'r');
    const { status, stderr } = withStreams(['check', '-'], directory, 'pipe');
    closeSync(directory);
    expect(status).toBe(2);
    expect(stderr).not.toContain('    at ');
  });

  it.skipIf(!existsSync('/dev/full'))('fails when its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = withStreams(['check', '--list', 'actions'], 'ignore', full);
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).not.toContain('    at ');
  });
});
