import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../../src/model/exchange.ts';
import { codesOf, matchedIds, request, wafOf } from '../../support/rules.ts';

const action = (ctl: string): string => `SecAction "id:1,phase:1,pass,nolog,ctl:${ctl}"`;

const XML: ExchangeRecord = {
  ...request('/', [
    ['Host', 'localhost'],
    ['Content-Type', 'text/xml'],
  ]),
  method: 'POST',
  body: '<r><a>x</a></r>',
};

describe('ctl:parseXmlIntoArgs', () => {
  const rules = (setting: string, mode: string): string => `
    SecParseXmlIntoArgs ${setting}
    SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=XML,ctl:parseXmlIntoArgs=${mode}"
    SecRule ARGS "@streq x" "id:10,phase:2,pass,log"
    SecRule XML:/* "@streq x" "id:11,phase:2,pass,log"`;

  for (const [setting, mode, expected] of [
    ['Off', 'On', [10, 11]],
    ['Off', 'OnlyArgs', [10]],
    ['On', 'Off', [11]],
  ] as const) {
    it(`${mode} wins over SecParseXmlIntoArgs ${setting}`, () => {
      expect(matchedIds(wafOf(rules(setting, mode)), XML)).toEqual(expected);
    });
  }

  it('refuses other words', () => {
    expect(codesOf(action('parseXmlIntoArgs=Yes'))).toEqual(['bad-action-value']);
  });
});

describe('ctl:forceResponseBodyVariable', () => {
  it('is given anyway: RESPONSE_BODY shows whatever is inspected', () => {
    const rules = `${action('forceResponseBodyVariable=On')}
      SecRule RESPONSE_BODY "@streq ok" "id:10,phase:4,pass,log"`;
    expect(codesOf(rules)).toEqual([]);
    expect(matchedIds(wafOf(rules), request('/'))).toEqual([10]);
  });

  it('cannot be switched off', () => {
    expect(codesOf(action('forceResponseBodyVariable=Off'))).toEqual(['no-effect']);
  });
});

describe('ctl:responseBodyProcessor', () => {
  it('loads with a warning', () => {
    expect(codesOf(action('responseBodyProcessor=JSON'))).toEqual(['no-effect']);
    expect(codesOf(action('responseBodyProcessor=PDF'))).toEqual(['bad-action-value']);
  });
});

describe('ctl', () => {
  it('finds options in any case and names the known ones for others', () => {
    expect(codesOf(action('RULEENGINE=Off'))).toEqual([]);
    expect(codesOf(action('nonsense=1'))).toEqual(['unknown-ctl-option']);
    expect(codesOf(action('ruleEngine'))).toEqual(['unknown-ctl-option']);
  });

  it('takes audit log parts with a sign and as a list', () => {
    for (const parts of ['+E', '-E', 'ABZ']) {
      expect(codesOf(action(`auditLogParts=${parts}`))).toEqual([]);
    }
    expect(codesOf(action('auditLogParts=+1'))).toEqual(['bad-action-value']);
  });
});
