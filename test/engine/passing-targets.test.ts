import { describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `SecRuleEngine DetectionOnly
SecRule REQUEST_URI "@contains cut" "id:1,phase:2,pass,nolog,ctl:ruleRemoveTargetById=5;TX:late"
SecRule ARGS "@contains never" "id:2,phase:2,pass,log"
SecRule ARGS|TX:late|REQUEST_HEADERS:X-Late "@contains evil" "id:3,phase:2,pass,log"
SecRule REQUEST_URI "@contains write" "id:4,phase:2,pass,nolog,setvar:tx.late=%{REQUEST_URI}"
SecRule ARGS|TX:late|REQUEST_HEADERS:X-Late "@contains evil" "id:5,phase:2,pass,log"
SecRule ARGS "@contains never" "id:6,phase:2,pass,log"
SecRule TX:late|ARGS "@rx ev.l" "id:7,phase:2,pass,log,multiMatch,t:none,t:lowercase,t:removeWhitespace"
SecRule ARGS|TX:late|!TX:late "@contains evil" "id:8,phase:2,pass,log"
SecRule ARGS|TX:late "!@contains evil" "id:9,phase:2,pass,log"
`;

/** Rules that matched, and the last of the values that each matched in. */
function matchesOf(uri: string, header: string, reference: boolean): readonly string[] {
  const waf = createWaf({ rules: { name: 'main.conf', text: RULES }, reference });
  const headers = [['Host', 'a.test'] as const, ['X-Late', header] as const];
  const { verdict } = waf.inspect({ method: 'GET', uri, version: 'HTTP/1.1', headers });
  return verdict.matches.map(({ rule, variable, value }) => `${rule.id} ${variable} ${value}`);
}

describe('a rule over stable values and one that rules write', () => {
  it('sees what was written until it runs, and no more', () => {
    expect(matchesOf('/write-evil?a=b', '', false)).toEqual([
      '4 REQUEST_URI /write-evil?a=b',
      '5 TX:late /write-evil?a=b',
      '7 TX:late /write-evil?a=b',
      '9 ARGS:a b',
    ]);
  });

  it.each([
    ['/', ''],
    ['/?a=evil', ''],
    ['/write?a=b', ''],
    ['/write?a=evil', 'evil'],
    ['/write-evil?a=b', 'evil'],
    ['/write-EVIL?a=e%20vil', ''],
    ['/write-evil?cut=1', ''],
    ['/write-evil?cut=evil', 'evil'],
  ])('does as the reference with %s and %j', (uri, header) => {
    expect(matchesOf(uri, header, false)).toEqual(matchesOf(uri, header, true));
  });
});
