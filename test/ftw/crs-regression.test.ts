// CRS's own tests against CRS: every test under CI=true, every tenth otherwise.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findTestFiles } from '../../src/ftw/find-files.ts';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { readOverrides } from '../../src/ftw/overrides.ts';
import { runTest } from '../../src/ftw/runner.ts';
import { readTestFile } from '../../src/ftw/schema.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { crsLoadOrder, packagedCrsFile, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const CRS = sharedPath('../crs/v4.28.0');
const TESTS = sharedPath('../crs/v4.28.0/tests/regression/tests');
const STEP = process.env['CI'] === 'true' ? 1 : 10;

/** Tests that fail and why; one that starts to pass has to be taken off. */
const KNOWN_FAILURES: ReadonlySet<string> = new Set([]);

describeShared('CRS 4.28.0 in process', TESTS, () => {
  it(`passes its regression tests${STEP === 1 ? '' : ` (one in ${STEP})`}`, async () => {
    const layout = resolveCrsDirectory(CRS);
    if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
    const files = crsLoadOrder(layout);
    const setupEnds = files.findIndex((file) => layout.rules.includes(file));
    const order = [
      ...files.slice(0, setupEnds),
      packagedCrsFile('setup/ftw.conf'),
      ...files.slice(setupEnds),
    ];
    const rules = order.map((name) => ({ name, text: readFileSync(name, 'latin1') }));
    const waf = createWaf({ rules });
    const target = createInProcessTarget({ begin: () => waf.transaction() });
    const own = packagedCrsFile('setup/ftw-overrides.yaml');
    const overrides = readOverrides(own, readFileSync(own, 'utf8'));
    expect(overrides.problems).toEqual([]);

    const tests = findTestFiles([TESTS]).flatMap(
      (path) => readTestFile(path, readFileSync(path)).tests,
    );
    const failed: string[] = [];
    for (let at = 0; at < tests.length; at += STEP) {
      const result = await runTest(tests[at]!, target, overrides);
      if (result.outcome === 'failed' && !KNOWN_FAILURES.has(result.id)) {
        failed.push(`${result.id}: ${result.reason}`);
      } else if (result.outcome === 'passed' && KNOWN_FAILURES.has(result.id)) {
        failed.push(`${result.id} passes and is still listed as a known failure`);
      }
    }
    expect(failed).toEqual([]);
  });
});
