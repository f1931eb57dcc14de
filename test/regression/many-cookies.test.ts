// Cookies without number: rules look at every one of them, so a header full of them is an error, not work.

import { describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `
SecRuleEngine On
SecRule &REQUEST_COOKIES "@eq 1000" "id:1,phase:1,pass"
SecRule REQUEST_COOKIES "@streq last" "id:2,phase:1,pass"
SecRule REQBODY_ERROR "!@eq 0" "id:3,phase:2,deny,status:400"
SecRequestBodyAccess On`;

function judge(cookies: readonly string[]): readonly (readonly [number[], string | undefined])[] {
  return [false, true].map((reference) => {
    const { verdict } = createWaf({ rules: RULES, reference }).inspect({
      method: 'GET',
      uri: '/',
      headers: cookies.map((cookie) => ['Cookie', cookie] as const),
    });
    return [verdict.matches.map(({ rule }) => rule.id), verdict.errors[0]?.code] as const;
  });
}

describe('many cookies', () => {
  it('are all looked at up to SecArgumentsLimit', () => {
    const expected = [[1, 2], undefined];
    expect(judge([`${'a=b; '.repeat(999)}c=last`])).toEqual([expected, expected]);
  });

  it('are an error beyond it, in one header and in many', () => {
    const expected = [[1, 3], undefined];
    expect(judge([`${'a=b; '.repeat(1000)}c=last`])).toEqual([expected, expected]);
    expect(judge(new Array(1001).fill('a=b'))).toEqual([expected, expected]);
  });

  it('do not exhaust the stack', () => {
    const expected = [[1, 3], undefined];
    expect(judge(['a;'.repeat(1_000_000)])).toEqual([expected, expected]);
  });
});
