// ModSecurity's own regression cases, unchanged, under `compatibility: modsecurity3`.
//
// A case that does not pass stands in known-gaps.json with its reason, and has to fail as long as it does:
// one that starts to pass fails the build until it is taken off the list.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRegressionCases } from '../support/modsecurity-cases.ts';
import { failureOf } from '../support/modsecurity-runner.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const DIRECTORY = sharedPath('modsecurity', 'regression');
const GAPS = JSON.parse(
  readFileSync(new URL('./known-gaps.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

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

  for (const example of cases) {
    const reason = GAPS[example.id];
    if (reason === undefined) {
      it(`${example.id}: ${example.title}`, () => {
        expect(failureOf(example)).toBeUndefined();
      });
    } else {
      it(`${example.id} is a known gap: ${reason}`, () => {
        expect(failureOf(example)).toBeDefined();
      });
    }
  }
});
