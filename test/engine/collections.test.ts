import { describe, expect, it } from 'vitest';
import { KeyedValues } from '../../src/engine/collections.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { wafOf } from '../support/rules.ts';

const request = (uri: string): ExchangeRecord => ({
  id: 'a',
  timeMs: 0,
  method: 'GET',
  uri,
  version: 'HTTP/1.1',
  headers: [],
});

describe('KeyedValues', () => {
  it('finds keys in any case of their ASCII letters, as first written', () => {
    const values = new KeyedValues();
    values.set('Score', '1');
    values.set('sCORE', '2');
    expect(values.find('SCORE')).toEqual({ key: 'Score', value: '2' });
    values.set('score', '3');
    expect(values.entries).toEqual([{ key: 'Score', value: '3' }]);
    values.set('\xc9', 'a');
    expect(values.get('\xc9')).toBe('a');
    expect(values.get('\xe9')).toBeUndefined();
  });

  it('asks for what waits once, before anybody can tell', () => {
    const values = new KeyedValues();
    let asked = 0;
    const write = (): void => values.set('0', `text ${++asked}`);
    values.set('name', '1');
    values.wait(write);
    values.set('name', '2');
    expect(asked).toBe(0);
    expect([values.get('0'), values.get('0')]).toEqual(['text 1', 'text 1']);
    values.wait(write);
    values.set('m', '1');
    expect(values.entries.map(({ key }) => key)).toEqual(['name', '0', 'm']);
    values.wait(write);
    values.wait(undefined);
    expect(values.get('0')).toBe('text 2');
  });
});

describe('a target in TX', () => {
  it('is found by a key with bytes above 7F', () => {
    const { verdict } = wafOf(
      `SecAction "id:1,phase:1,pass,nolog,setvar:'tx.\xc9=1'"
SecRule TX:\xc9 "@eq 1" "id:2,phase:1,deny"`,
    ).inspect(request('/'));
    expect(verdict.interruption?.rule).toBe(2);
  });
});

describe('a variable that grows with each match', () => {
  it('is an engine error before it is too long to be held', () => {
    const args = Array.from({ length: 100 }, (_, at) => `a${at}=1`).join('&');
    const { verdict } = wafOf(
      `SecRuleEngine DetectionOnly
SecRule ARGS "@unconditionalMatch" "id:1,phase:1,pass,nolog,setvar:'tx.s=%{tx.s}%{tx.s}%{MATCHED_VAR}'"
SecRule TX:s "@rx ^1{1000}" "id:2,phase:1,pass"`,
    ).inspect(request(`/?${args}`));
    expect(verdict.errors.map(({ code }) => code)).toContain('value-too-long');
    expect(verdict.matches.map(({ rule }) => rule.id)).toContain(2);
  });
});

describe('a target that a rule takes away at each of many matches', () => {
  it('is gone, for the rules that are meant alone', () => {
    const args = Array.from({ length: 500 }, (_, at) => `a${at}=x`).join('&');
    const { verdict } = wafOf(
      `SecRule ARGS "@streq x" "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=2;ARGS:a1"
SecRule ARGS:a1 "@streq x" "id:2,phase:1,pass"
SecRule ARGS:a1 "@streq x" "id:3,phase:1,pass"`,
    ).inspect(request(`/?${args}`));
    expect(verdict.matches.map(({ rule }) => rule.id)).toEqual([1, 3]);
  });
});
