// CRS's own regression tests, in process and without a single override: every test passes, and the machine
// and the reference interpreter agree on every exchange of them.

import { expect, it } from 'vitest';
import { findTestFiles } from '../../src/ftw/find-files.ts';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { NO_OVERRIDES } from '../../src/ftw/overrides.ts';
import { runFile } from '../../src/ftw/run-files.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { crsPath, loadCrs } from '../support/crs.ts';
import { pairedTransaction } from '../support/paired-transaction.ts';
import { describeShared } from '../support/shared.ts';

// Fewer would mean that files were not found or not read, which must not look like success.
const LEAST_TESTS = 4300;

describeShared('CRS 4.28 regression tests', crsPath('tests'), () => {
  it('all pass, and both interpreters agree', { timeout: 600_000 }, async () => {
    const ruleset = loadCrs(crsPath(), { forTests: true });
    const clock = (): number => 1_790_000_000_000;
    const machine = createWaf({ rules: ruleset, clock });
    const reference = createWaf({ rules: ruleset, clock, reference: true });
    const differences: string[] = [];
    let exchanges = 0;
    const target = createInProcessTarget({
      begin: () => {
        const id = `exchange-${exchanges++}`;
        return pairedTransaction(
          machine.transaction({ id }),
          reference.transaction({ id }),
          (found, expected) => differences.push(`${id}\n  ${found}\n  ${expected}`),
        );
      },
    });
    const failed: string[] = [];
    let passed = 0;
    for (const path of findTestFiles([crsPath('tests', 'regression', 'tests')])) {
      const { results } = await runFile(path, {
        target,
        overrides: NO_OVERRIDES,
        filter: { include: undefined, exclude: undefined },
        onTest: () => {},
      });
      for (const result of results) {
        if (result.outcome === 'passed') passed++;
        else failed.push(result.id);
      }
    }
    expect(failed).toEqual([]);
    expect(differences).toEqual([]);
    expect(passed).toBeGreaterThan(LEAST_TESTS);
  });
});
