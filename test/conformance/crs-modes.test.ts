// CRS loads whichever engine's ways are followed: all of them run it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMPATIBILITIES } from '../../src/model/compatibility.ts';
import { checkRuleset, fatalDiagnostics } from '../../src/waf/load.ts';
import { crsPath, loadCrs } from '../support/crs.ts';
import { describeShared } from '../support/shared.ts';

const FEWEST_RULES = 600;

describeShared('CRS 4.28', crsPath('rules'), () => {
  describe.each(COMPATIBILITIES)('under compatibility: %s', (compatibility) => {
    it('loads by itself', () => {
      const names = readdirSync(crsPath('rules')).filter((name) => name.endsWith('.conf'));
      const files = ['crs-setup.conf.example', ...names.sort().map((name) => `rules/${name}`)];
      const sources = files.map((file) => {
        const name = crsPath(file);
        return { name, text: readFileSync(name, 'latin1') };
      });
      const { diagnostics, ruleset } = checkRuleset(sources, { compatibility });
      expect(fatalDiagnostics(diagnostics)).toEqual([]);
      expect(ruleset.rules.length).toBeGreaterThan(FEWEST_RULES);
    });

    it('loads behind our own settings', () => {
      const ruleset = loadCrs(crsPath(), { compatibility });
      expect(ruleset.rules.length).toBeGreaterThan(FEWEST_RULES);
    });
  });
});
