// 898 small cases, each a few rules and one exchange, with the verdict that Portcullis promises. The cases were
// recorded from ModSecurity 2.9, libmodsecurity 3 and Coraza; `expected` is our choice among them.
//
// A case that we decide otherwise stands in overruled.json with its reason, and has to fail as long as it does.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparable, outcomeOf, readBehaviourCases } from '../support/behaviour-cases.ts';

const CASES = readBehaviourCases();
const OVERRULED = JSON.parse(
  readFileSync(new URL('./overruled.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

describe('measured behaviour', () => {
  it('has one case for each id', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    expect(CASES.length).toBe(898);
  });

  it('overrules only cases that exist', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    expect(Object.keys(OVERRULED).filter((id) => !ids.has(id))).toEqual([]);
  });

  for (const example of CASES) {
    const reason = OVERRULED[example.id];
    if (reason === undefined) {
      it(`${example.id}: ${example.question}`, () => {
        expect(outcomeOf(example)).toEqual(comparable(example.expected));
      });
    } else {
      it(`${example.id} is overruled: ${reason}`, () => {
        expect(outcomeOf(example)).not.toEqual(comparable(example.expected));
      });
    }
  }
});
