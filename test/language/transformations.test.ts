// Every transformation in a rule: what the operator behind it gets to see.

import { describe, expect, it } from 'vitest';
import { encodeHex } from '../../src/base/hex.ts';
import { judge } from '../support/matched-rules.ts';
import { rulesOn, withArgument } from './requests.ts';
import { TRANSFORMATION_ROWS, UNKNOWN_TRANSFORMATIONS } from './tables/transformations.data.ts';

/** Compares hexadecimal digits, since rules cannot spell every byte. */
const rule = (id: number, transformations: string, value: string): string =>
  `SecRule ARGS:v "@streq ${encodeHex(value)}" "id:${id},phase:1,pass,${transformations}t:hexEncode"`;

describe('transformations', () => {
  for (const { name, input, output, fact } of TRANSFORMATION_ROWS) {
    it(`t:${name} ${fact}`, () => {
      const rules = rulesOn(
        [
          rule(1, `t:${name},`, output),
          rule(2, `t:${name.toUpperCase()},`, output),
          rule(3, '', output),
        ].join('\n'),
      );
      expect(judge(rules, withArgument(input))).toEqual({ matched: [1, 2], codes: [], errors: [] });
    });
  }

  it('t:none clears what was listed before it, and what is inherited', () => {
    const rules = rulesOn(`SecDefaultAction "phase:1,pass,t:uppercase"
${rule(1, '', 'AB')}
${rule(2, 't:none,', 'aB')}
${rule(3, 't:lowercase,t:none,', 'aB')}
${rule(4, 't:lowercase,', 'ab')}`);
    expect(judge(rules, withArgument('aB')).matched).toEqual([1, 2, 3, 4]);
  });

  it.each([...UNKNOWN_TRANSFORMATIONS, 'rot13'])('t:%s does not load', (name) => {
    expect(judge(rulesOn(rule(1, `t:${name},`, 'a'))).codes).toEqual(['unknown-transformation']);
  });
});
