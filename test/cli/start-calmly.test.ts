import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../dist/cli/start-calmly.js', import.meta.url).href;

// V8 thinks of a function after so much bytecode, whatever the clock says.
const ENOUGH_AS_USUAL = 2400;

/** Whether V8 wants to optimise a function that has been called so often, in a process of its own. */
function isOptimised(before: string, options: readonly string[] = []): boolean {
  const program = `
    import { beginWork, startCalmly } from ${JSON.stringify(MODULE)};
    ${before}
    function subject(a) {
      let x = (a * 31 + 7) | 0;
      x ^= x >> 3;
      x = (x * 31 + 7) | 0;
      x ^= x >> 3;
      return x;
    }
    let sum = 0;
    for (let at = 0; at < ${ENOUGH_AS_USUAL}; at++) sum += subject(at);
    console.log(sum);
  `;
  const output = execFileSync(
    process.execPath,
    ['--trace-opt', ...options, '--input-type=module', '--eval', program],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return /marking .*JSFunction subject/.test(output);
}

/** Whether V8 makes old at once what it has seen live long, in a process of its own. */
function isBornOld(before: string, options: readonly string[] = []): boolean {
  const program = `
    import { beginWork } from ${JSON.stringify(MODULE)};
    ${before}
    const kept = [];
    for (let at = 0; at < 500_000; at++) kept.push([at, at, at, at]);
    console.log(kept.length);
  `;
  const trace = ['--trace-pretenuring', '--trace-pretenuring-statistics'];
  const output = execFileSync(
    process.execPath,
    ['--max-semi-space-size=1', ...trace, ...options, '--input-type=module', '--eval', program],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return /=> tenure/.test(output);
}

/** Whether V8 collects young objects with more threads than one, in a process of its own. */
function isCollectedTogether(before: string, options: readonly string[] = []): boolean {
  const program = `
    import { beginWork } from ${JSON.stringify(MODULE)};
    ${before}
    const kept = [];
    for (let at = 0; at < 500_000; at++) kept.push([at, at, at, at]);
    console.log(kept.length);
  `;
  const output = execFileSync(
    process.execPath,
    [
      '--trace-gc',
      '--trace-parallel-scavenge',
      ...options,
      '--input-type=module',
      '--eval',
      program,
    ],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const count = (line: RegExp): number => output.match(line)?.length ?? 0;
  expect(count(/: Scavenge /g)).toBeGreaterThan(2);
  // One or two are over before anything is set.
  return count(/ scavenge\[/g) > count(/: Scavenge /g) + 2;
}

describe.runIf(process.versions.v8.startsWith('11.3.'))('beginWork', () => {
  it('has V8 collect young objects with one thread', () => {
    expect(isCollectedTogether('')).toBe(availableParallelism() > 1);
    expect(isCollectedTogether('beginWork();')).toBe(false);
    const chosen = isCollectedTogether('beginWork();', ['--parallel-scavenge']);
    expect(chosen).toBe(availableParallelism() > 1);
  });

  it('has V8 make everything young', () => {
    expect(isBornOld('')).toBe(true);
    expect(isBornOld('beginWork();')).toBe(false);
  });

  it('leaves that to those who choose', () => {
    expect(isBornOld('beginWork();', ['--allocation-site-pretenuring'])).toBe(true);
  });
});

// Elsewhere nothing is changed, and when functions are optimised is not known.
describe.runIf(process.versions.v8.startsWith('11.3.'))('startCalmly', () => {
  it('keeps V8 from optimising early, until all is as usual', () => {
    expect(isOptimised('')).toBe(true);
    expect(isOptimised('startCalmly();')).toBe(false);
    expect(isOptimised('startCalmly(); beginWork();')).toBe(true);
  });

  it('leaves a budget alone that Node was started with', () => {
    expect(isOptimised('startCalmly();', ['--interrupt-budget=60000'])).toBe(true);
    expect(isOptimised('beginWork();', ['--interrupt-budget=1000000'])).toBe(false);
  });
});
