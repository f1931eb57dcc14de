// ModSecurity's own regression cases, unchanged, under `compatibility: modsecurity3`.
//
// A case that does not pass stands in known-gaps.json with its reason, and has to fail as long as it does:
// one that starts to pass fails the build until it is taken off the list. One that lacks a file of the suite has to
// pass where that file is.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IS_BUILT } from '../language/built.ts';
import { datCityFile, EL_SEGUNDO } from '../support/dat.ts';
import { readRegressionCases } from '../support/modsecurity-cases.ts';
import { failureOf } from '../support/modsecurity-runner.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const DIRECTORY = sharedPath('modsecurity', 'regression');
const GAPS = JSON.parse(
  readFileSync(new URL('./known-gaps.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string | { readonly reason: string; readonly file: string }>>;

/** Why the case cannot pass here; undefined: it has to. */
function gapOf(id: string): string | undefined {
  const gap = GAPS[id];
  if (gap === undefined || typeof gap === 'string') return gap;
  return existsSync(sharedPath('modsecurity', gap.file)) ? undefined : gap.reason;
}

describeShared("ModSecurity's regression cases", DIRECTORY, () => {
  const cases = existsSync(DIRECTORY) ? readRegressionCases(DIRECTORY) : [];

  describe('as a list', () => {
    it('has each id once', () => {
      expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    });

    it('has a case for each known gap', () => {
      const ids = new Set(cases.map(({ id }) => id));
      expect(Object.keys(GAPS).filter((id) => !ids.has(id))).toEqual([]);
    });
  });

  // The file itself is not in every copy of the suite; what the cases ask of it is known.
  describe('that name a database in the legacy format', () => {
    const database = datCityFile([{ ...EL_SEGUNDO, network: '64.17.254.216/32' }]);
    const path = 'test-cases/data/geo/GeoIPCity.dat';
    const named = cases.filter(({ rules }) => rules.includes(path));

    it('are eleven', () => {
      expect(named.length).toBe(11);
    });

    it.each(named.map((one) => [one.id, one] as const))(
      '%s passes with one',
      async (_id, example) => {
        expect(await failureOf(example, { [path]: database })).toBeUndefined();
      },
    );
  });

  // Nor are the scripts; these do what the cases say of them.
  describe.skipIf(!IS_BUILT)('that name scripts', () => {
    const FOLDER = 'test-cases/data/';
    const scripts: Readonly<Record<string, string>> = {
      'test.lua': 'function main() return nil end',
      'match.lua': 'function main() return "matched" end',
      'match-log.lua': 'function main() m.log(9, "echo 123") return "matched" end',
      'match-set.lua': 'function main() m.setvar("tx.test", "whee") return "matched" end',
      'inspectFile-abcdef.lua': `function main(path)
  for line in io.lines(path) do
    if string.find(line, "abcdef", 1, true) then
      m.log(4, "Returning from lua script: abcdef")
      return "abcdef"
    end
  end
end`,
    };
    const standIns = Object.fromEntries(
      Object.entries(scripts).map(([name, text]) => [FOLDER + name, text]),
    );
    const named = cases.filter(({ rules }) =>
      Object.keys(standIns).some((path) => rules.includes(path)),
    );

    it('are nine', () => {
      expect(named.length).toBe(9);
    });

    it.each(named.map((one) => [one.id, one] as const))(
      '%s passes with them',
      async (_id, example) => {
        expect(await failureOf(example, standIns)).toBeUndefined();
      },
    );
  });

  for (const example of cases) {
    const reason = gapOf(example.id);
    if (reason === undefined) {
      it(`${example.id}: ${example.title}`, async () => {
        expect(await failureOf(example)).toBeUndefined();
      });
    } else {
      it(`${example.id} is a known gap: ${reason}`, async () => {
        expect(await failureOf(example)).toBeDefined();
      });
    }
  }
});
