// CRS compiled anew and CRS from the cache on disk: the same candidates for any value, the same verdicts.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { compileProgram } from '../../src/program/compile.ts';
import type { Ruleset } from '../../src/ruleset/ruleset.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { crsLoadOrder, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { openRulesCache, type RulesCache } from '../../src/waf/rules-cache.ts';
import { crsPath } from '../support/crs.ts';
import { comparable } from '../support/paired-transaction.ts';
import { describeShared } from '../support/shared.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const NOW = 1_790_000_000_000;

const directory = mkdtempSync(join(tmpdir(), 'rules-cache-'));
afterAll(() => rmSync(directory, { recursive: true }));

function crs(rulesCache?: RulesCache): Ruleset {
  const layout = resolveCrsDirectory(crsPath());
  if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
  return loadRuleset(
    crsLoadOrder(layout, { paranoia: 4 }).map((name) => ({
      name,
      text: readFileSync(name, 'latin1'),
    })),
    { rulesCache },
  );
}

const parts = fc.constantFrom(
  ...['a', 'id', '1', ' ', "'", '"', '<', '>', '/', '..', ';', '$(', '|', '=', '%', '{{', '\0'],
  ...['union select', 'or 1=1--', '<script', 'onload=', 'etc/passwd', 'cat ', 'php://', 'sleep(5)'],
  ...[
    'javascript:',
    'eval(',
    'wget http',
    '\xe2\x80\xa8',
    'SELECT',
    '@@version',
    'cmd.exe',
    '\r\n',
  ],
);
const values = fc
  .array(fc.oneof(parts, fc.string({ unit: 'binary-ascii' })), { maxLength: 8 })
  .map((list) => list.join(''));

describeShared('rules from the cache', crsPath('rules'), () => {
  it('are the rules compiled anew', { timeout: 120_000 + RUNS * 500 }, () => {
    const fresh = crs();
    const cache = openRulesCache({ directory });
    createWaf({ rules: crs(cache) });
    const written = readdirSync(directory).map((name) => statSync(join(directory, name)).mtimeMs);
    expect(written).toHaveLength(1);
    const cached = crs(cache);
    const options = { engine: 'DetectionOnly', clock: () => NOW } as const;
    const [one, other] = [fresh, cached].map((rules) => createWaf({ rules, ...options }));
    // Nothing was missing in the file.
    expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mtimeMs)).toEqual(
      written,
    );
    const [mine, theirs] = [compileProgram(fresh), compileProgram(crs(cache))];
    let matches = 0;
    fc.assert(
      fc.property(values, values, values, (query, header, page) => {
        for (const phase of [1, 4] as const) {
          const [left, right] = [mine, theirs].map(({ filters }) => {
            const filter = filters[phase]?.filter;
            const found = new Array<number>(filter?.words ?? 0).fill(0);
            const classes = filter?.read(query, found) ?? 0;
            return [classes, found, filter?.always, filter?.possible(classes)].join('\n');
          });
          expect(right).toBe(left);
        }
        const record = {
          id: 'generated',
          timeMs: NOW,
          method: 'GET',
          uri: `/?q=${encodeURIComponent(query)}`,
          headers: [
            ['Host', 'shop.test'],
            ['X-Extra', header.replace(/[\0\r\n]/g, '')],
          ] as const,
          response: { status: 200, headers: [['Content-Type', 'text/html']] as const, body: page },
        };
        const verdicts = [one, other].map((waf) => {
          const outcome = waf?.inspect(record);
          matches += outcome?.verdict.matches.length ?? 0;
          return outcome && comparable(outcome.verdict);
        });
        expect(verdicts[0]).toBeDefined();
        expect(verdicts[1]).toBe(verdicts[0]);
      }),
      { numRuns: RUNS },
    );
    expect(matches / RUNS).toBeGreaterThan(40);
  });
});
