import { describe, expect, it } from 'vitest';
import type { Compatibility } from '../../src/model/compatibility.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `SecRuleEngine DetectionOnly
SecRule ARGS "@contains evil" "id:1,phase:2,pass,log"
SecRule ARGS|!ARGS:a "@contains evil" "id:2,phase:2,pass,log"
SecRule ARGS|!ARGS:/^[bc]$/|ARGS_NAMES "@contains evil" "id:3,phase:2,pass,log"
SecRule ARGS|!ARGS:a|!ARGS:b|!ARGS:c "@contains evil" "id:4,phase:2,pass,log"
SecRule ARGS|!ARGS:a|ARGS "@contains evil" "id:5,phase:2,pass,log"
SecRule ARGS|ARGS|!ARGS:c "@contains evil" "id:6,phase:2,pass,log"
SecRule ARGS|!ARGS:a "@rx ^e.il$" "id:7,phase:2,pass,log,t:none,t:urlDecodeUni,multiMatch"
SecRule ARGS|!ARGS:b "!@contains evil" "id:8,phase:2,pass,log"
SecRule REQUEST_COOKIES|!REQUEST_COOKIES:A|!REQUEST_COOKIES:/^_/ "@contains evil" "id:9,phase:1,pass,log"
SecRule &ARGS|!ARGS:a "@ge 2" "id:10,phase:2,pass,log"
`;

function matchesOf(
  uri: string,
  cookie: string,
  reference: boolean,
  compatibility: Compatibility = 'portcullis',
): readonly string[] {
  const waf = createWaf({ rules: { name: 'main.conf', text: RULES }, reference, compatibility });
  const headers = [['Host', 'a.test'] as const, ['Cookie', cookie] as const];
  const { verdict } = waf.inspect({ method: 'GET', uri, version: 'HTTP/1.1', headers });
  return verdict.matches.map(({ rule, variable, value }) => `${rule.id} ${variable} ${value}`);
}

describe('what a rule leaves out of a collection that others see whole', () => {
  it('is seen by the others and not by it', () => {
    const ids = (uri: string, cookie = ''): string =>
      matchesOf(uri, cookie, false)
        .map((match) => match.split(' ')[0])
        .join(' ');
    expect(ids('/?a=evil')).toBe('1 3 6');
    expect(ids('/?b=evil')).toBe('1 2 5 6 7');
    expect(ids('/?A=evil&d=evil')).toBe('1 2 3 4 5 6 7 10');
    expect(ids('/', 'A=evil; _b=evil')).toBe('');
    expect(ids('/', 'A=1; c=evil')).toBe('9');
  });

  it.each([
    ['/?a=evil', ''],
    ['/?a=1&b=2&c=3', 'a=1'],
    ['/?c=evil&b=evil&a=evil&d=e%2576il', ''],
    ['/?evil=1&a=evil&a=evil&B=evil', 'A=evil; evil=x; _x=evil'],
    ['/', 'b=evil; a=evil; b=evil'],
  ])('is what the reference leaves out of %s and %j', (uri, cookie) => {
    expect(matchesOf(uri, cookie, false)).toEqual(matchesOf(uri, cookie, true));
  });

  it('is left out of the targets before it alone, where that is how lists are read', () => {
    const last = (uri: string): readonly string[] =>
      matchesOf(uri, '', false, 'modsecurity2').filter((match) => /^[56] /.test(match));
    expect(last('/?a=evil')).toEqual(['5 ARGS:a evil', '6 ARGS:a evil']);
    expect(last('/?c=evil')).toEqual(['5 ARGS:c evil']);
    const counted = 'SecRule ARGS|!ARGS:a|ARGS "@contains evil" "id:5,phase:2,pass,setvar:tx.n=+1"';
    const told = 'SecRule TX:n "@ge 1" "id:6,phase:2,pass,log"';
    const waf = createWaf({
      rules: { name: 'main.conf', text: `SecRuleEngine DetectionOnly\n${counted}\n${told}\n` },
      compatibility: 'modsecurity2',
    });
    const count = (uri: string): string | undefined =>
      waf
        .inspect({ method: 'GET', uri, version: 'HTTP/1.1', headers: [['Host', 'a.test']] })
        .verdict.matches.find(({ rule }) => rule.id === 6)?.value;
    expect([count('/?a=evil'), count('/?b=evil'), count('/?c=x')]).toEqual(['1', '2', undefined]);
  });
});
