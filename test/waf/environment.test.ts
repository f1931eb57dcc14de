import { afterEach, describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `SecRuleEngine On
SecRule ENV:A "@streq 1" "id:1,phase:1,pass,setenv:A=2"
SecRule ENV:A "@streq 2" "id:2,phase:1,pass"
SecRule &ENV "@eq 0" "id:3,phase:1,pass"`;

const matched = (
  environment?: Readonly<Record<string, string>>,
): readonly (readonly number[])[] => {
  const waf = createWaf({ rules: RULES, ...(environment && { environment }) });
  return [1, 2].map(() => {
    const { verdict } = waf.inspect({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    return verdict.matches.map(({ rule }) => rule.id);
  });
};

describe('the environment that rules see', () => {
  const before = process.env['A'];
  afterEach(() => {
    if (before === undefined) delete process.env['A'];
    else process.env['A'] = before;
  });

  it('is empty, whatever the process has', () => {
    process.env['A'] = '1';
    expect(matched()).toEqual([[3], [3]]);
  });

  it('is what the embedder hands over, anew for each transaction', () => {
    expect(matched({ A: '1' })).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});
