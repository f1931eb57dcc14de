// The machine and the reference interpreter on generated rule sets and requests: the same verdicts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkRuleset, fatalDiagnostics } from '../../src/waf/load.ts';
import { filesOf } from '../support/matched-rules.ts';
import { comparable } from '../support/paired-transaction.ts';
import { DATA_FILES, requests, ruleSets } from './rule-sets.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100) * 2;
const NOW = 1_790_000_000_000;

describe('the machine', () => {
  it('judges as the reference interpreter does', { timeout: 60_000 + RUNS * 100 }, () => {
    const files = filesOf(DATA_FILES);
    let refused = 0;
    let matches = 0;
    const errors = new Map<string, number>();
    fc.assert(
      fc.property(
        ruleSets,
        fc.array(requests, { minLength: 1, maxLength: 3 }),
        (rules, records) => {
          const { ruleset, diagnostics } = checkRuleset(rules, { files });
          const fatal = fatalDiagnostics(diagnostics);
          for (const { code } of fatal) errors.set(code, (errors.get(code) ?? 0) + 1);
          if (fatal.length > 0) {
            refused++;
            return;
          }
          for (const record of records) {
            // A waf for each request: the reference interpreter does not read stored collections.
            const [machine, reference] = [false, true].map((interpreted) => {
              const waf = createWaf({ rules: ruleset, clock: () => NOW, reference: interpreted });
              const { verdict, decision } = waf.inspect(record);
              matches += verdict.matches.length;
              return `${comparable(verdict)}\n${JSON.stringify(decision)}`;
            });
            expect(machine).toBe(reference);
          }
        },
      ),
      { numRuns: RUNS },
    );
    // A generator whose rule sets no longer load, or never match, would prove nothing.
    expect(refused, JSON.stringify([...errors])).toBeLessThan(RUNS / 2);
    expect(matches).toBeGreaterThan(RUNS);
  });
});
