// CRS's own regression tests through the real proxy on loopback, statuses included, without an override.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { crsPath } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

const COMMAND = fileURLToPath(new URL('../../bin/portcullis.js', import.meta.url));
const LEAST_TESTS = 4300;

interface Report {
  readonly total: number;
  readonly passed: number;
  readonly tests: readonly { readonly id: string; readonly passed: boolean }[];
}

function run(args: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(chunks).toString() }));
  });
}

describeShared('CRS 4.28 regression tests over HTTP', crsPath('tests'), () => {
  it('all pass', { timeout: 600_000 }, async () => {
    const tests = crsPath('tests', 'regression', 'tests');
    const { status, stdout } = await run([
      'ftw',
      '--over-http',
      '--json',
      '--crs',
      crsPath(),
      tests,
    ]);
    const report = JSON.parse(stdout) as Report;
    expect(report.tests.filter((test) => !test.passed).map((test) => test.id)).toEqual([]);
    expect(status).toBe(0);
    expect(report.passed).toBe(report.total);
    expect(report.total).toBeGreaterThan(LEAST_TESTS);
  });
});
