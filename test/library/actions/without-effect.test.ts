import { describe, expect, it } from 'vitest';
import { codesOf, matchedIds, request, wafOf } from '../../support/rules.ts';

describe('append and prepend', () => {
  for (const action of ["append:'<hr>'", 'prepend:x']) {
    const rules = `SecAction "id:1,phase:1,pass,log,${action}"`;

    it(`load with a warning and do nothing: ${action}`, () => {
      expect(codesOf(rules)).toEqual(['no-effect']);
      expect(matchedIds(wafOf(rules), request('/'))).toEqual([1]);
    });
  }
});
