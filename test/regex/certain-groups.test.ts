import { describe, expect, it } from 'vitest';
import { lastCertainGroup } from '../../src/regex/certain-groups.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';

const last = (source: string): number =>
  lastCertainGroup(parsePattern(source, dialectFlags('modsecurity-2', {})).root);

describe('lastCertainGroup', () => {
  it.each([
    ['a', 0],
    ['(a)', 1],
    ['(a)(b)?', 1],
    ['(a)?(b)', 2],
    ['(a)|(b)', 1],
    ['(a)|b', 0],
    ['(?:(a)|(b))(c)', 3],
    ['((a)*)', 1],
    ['(?:(a)){2,}', 1],
    ['(a)*', 0],
    ['(?=(a))a', 0],
    ['()', 1],
  ])('says that no match of %j ends its groups before %j', (source, group) => {
    expect(last(source)).toBe(group);
  });
});
