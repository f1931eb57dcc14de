import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../dist/cli/serve-memory.js', import.meta.url).href;

/** MiB of both halves of the young generation in a process that has come to hold 80 MB. */
function youngMebibytes(isLimited: boolean, options: readonly string[] = []): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { limitYoung } from ${JSON.stringify(MODULE)};
    if (${isLimited}) limitYoung();
    const held = [];
    for (let at = 0; at < 10000; at++) held.push(new Array(1000).fill(at));
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(held.length, young.space_size / 2 ** 20);
  `;
  const output = execFileSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', program],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return Number(output.split(' ')[1]);
}

describe('limitYoung', () => {
  it('keeps the young generation at 8 MiB for each half, which would grow', () => {
    expect(youngMebibytes(true)).toBe(16);
    expect(youngMebibytes(false)).toBeGreaterThan(16);
  });

  it('leaves a size alone that Node was started with', () => {
    expect(youngMebibytes(true, ['--max-semi-space-size=16'])).toBeGreaterThan(16);
  });
});
