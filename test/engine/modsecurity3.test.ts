import { describe, expect, it } from 'vitest';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugTrace } from '../../src/waf/debug-log.ts';
import { codesOf } from '../support/rules.ts';

const MULTIPART = [['Content-Type', 'multipart/form-data; boundary=b']] as const;

interface Exchange {
  readonly uri?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** What `msg` of rule 9 says, in libmodsecurity's way and in ours. */
function messages(rules: string, exchange: Exchange = {}): readonly [v3: string, ours: string] {
  const messageIn = (compatibility: 'modsecurity3' | 'portcullis'): string => {
    const waf = createWaf({
      rules: `SecRuleEngine On\nSecRequestBodyAccess On\n${rules}`,
      compatibility,
    });
    const { uri = '/', headers = [], body = '' } = exchange;
    const { verdict } = waf.inspect({ method: 'POST', version: 'HTTP/1.1', uri, headers, body });
    return verdict.matches.find(({ rule }) => rule.id === 9)?.message ?? 'no match';
  };
  return [messageIn('modsecurity3'), messageIn('portcullis')];
}

describe('compatibility: modsecurity3', () => {
  it('takes a % behind a macro for its end, unless another macro begins there', () => {
    const rule = (msg: string) => `SecRule REQUEST_METHOD "@rx ." "id:9,phase:1,pass,msg:'${msg}'"`;
    expect(messages(rule('%{REQUEST_METHOD}% %{REQUEST_METHOD}%{REQUEST_METHOD}'))).toEqual([
      'POST POSTPOST',
      'POST% POSTPOST',
    ]);
    const operator = 'SecRule REQUEST_METHOD "@streq %{REQUEST_METHOD}%" "id:9,phase:1,pass,msg:m"';
    expect(messages(operator)).toEqual(['m', 'no match']);
  });

  it('looks for the sign of setvar in the rule, not in what its macros come to', () => {
    const rules = `SecAction "id:1,phase:1,pass,nolog,setvar:tx.a=5,setvar:'tx.a=%{ARGS.n}'"
SecAction "id:9,phase:1,pass,msg:'%{tx.a}'"`;
    expect(messages(rules, { uri: '/?n=-2' })).toEqual(['-2', '3']);
  });

  it('measures DURATION in seconds', () => {
    const [v3, ours] = messages(
      'SecRule DURATION "@unconditionalMatch" "id:9,phase:1,pass,msg:\'%{DURATION}\'"',
    );
    expect(v3).toMatch(/^\d+\.\d{6}$/);
    expect(ours).toMatch(/^\d+$/);
  });

  it('has no application id of its own accord', () => {
    const rule = 'SecRule WEBAPPID "@unconditionalMatch" "id:9,phase:1,pass,msg:\'<%{WEBAPPID}>\'"';
    expect(messages(rule)).toEqual(['<>', '<default>']);
    expect(messages(`SecWebAppId shop\n${rule}`)).toEqual(['<shop>', '<shop>']);
  });

  it('lets rules write to collections that nobody has opened, for their transaction', () => {
    const rules = `SecAction "id:1,phase:1,pass,nolog,setvar:global.a=+1"
SecRule GLOBAL:a "@rx ." "id:9,phase:1,pass,msg:'%{GLOBAL.a}'"`;
    expect(messages(rules)).toEqual(['1', 'no match']);
    const waf = createWaf({ rules: `SecRuleEngine On\n${rules}`, compatibility: 'modsecurity3' });
    const again = [1, 2].map(() =>
      waf.inspect({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] }),
    );
    expect(again.map(({ verdict }) => verdict.matches.at(-1)?.message)).toEqual(['1', '1']);
  });

  it('names variables of collections with key and application', () => {
    const rules = `SecWebAppId shop
SecAction "id:1,phase:1,pass,nolog,initcol:ip=k"
SecAction "id:2,phase:1,pass,nolog,setvar:ip.a=1"
SecRule IP:a "@rx ." "id:9,phase:1,pass,msg:'%{MATCHED_VAR_NAME}'"`;
    expect(messages(rules)).toEqual(['IP:k::shop::a', 'IP:a']);
  });

  it('does not wait for the next transaction with what expires now', () => {
    const rules = `SecAction "id:1,phase:1,pass,nolog,initcol:ip=k"
SecAction "id:2,phase:1,pass,nolog,setvar:ip.a=1,expirevar:ip.a=0"
SecAction "id:3,phase:1,pass,nolog,setvar:ip.b=1,expirevar:ip.b=60"
SecRule REQUEST_METHOD "@rx ." "id:9,phase:1,pass,msg:'%{IP.a} %{IP.b}'"`;
    expect(messages(rules)).toEqual([' 1', '1 1']);
  });

  it('takes a dot for a colon behind collections in targets', () => {
    const rules = `SecAction "id:1,phase:1,pass,nolog,setvar:tx.a=1,initcol:ip=k"
SecAction "id:2,phase:1,pass,nolog,setvar:ip.a=2"
SecRule &ARGS|TX.a|!IP.b|IP.a "@rx [12]" "id:9,phase:1,pass,msg:'%{MATCHED_VAR}'"`;
    const waf = createWaf({ rules: `SecRuleEngine On\n${rules}`, compatibility: 'modsecurity3' });
    const { verdict } = waf.inspect({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    expect(verdict.matches.at(-1)?.message).toBe('2');
    expect(codesOf(rules)).toContain('bad-target');
  });

  it('takes uploads over SecUploadFileLimit for a body that cannot be read', () => {
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n';
    const rules = `SecUploadKeepFiles On
SecUploadDir /nowhere
SecUploadFileLimit 1
SecRule REQBODY_PROCESSOR_ERROR "@eq 1" "id:9,phase:2,pass,msg:'%{REQBODY_ERROR_MSG}'"`;
    const sent = (count: number) => ({
      headers: MULTIPART,
      body: `${part.repeat(count)}--b--\r\n`,
    });
    expect(messages(rules, sent(1))).toEqual(['no match', 'no match']);
    expect(messages(rules, sent(2))).toEqual([
      expect.stringContaining('Upload file limit exceeded'),
      'no match',
    ]);
  });

  it('joins the lines of multipart arguments', () => {
    const body = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n2\n3\r\n--b--\r\n';
    const rule = 'SecRule ARGS:a "@rx ." "id:9,phase:2,pass,msg:\'%{ARGS.a}\'"';
    expect(messages(rule, { headers: MULTIPART, body })).toEqual(['123', '1\r\n2\n3']);
  });

  it('says in the debug log that a pattern is none', () => {
    let log = '';
    const waf = createWaf({
      rules: 'SecRuleEngine On\nSecRule REQUEST_METHOD "@rx a(b" "id:9,phase:1,pass"',
      compatibility: 'modsecurity3',
      trace: debugTrace(3, { append: (text) => (log += text) }),
    });
    waf.inspect({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
    expect(log).toContain('[3] Error with regular expression: "a(b"');
  });

  it('shows logging rules the answer that was told after an interruption', () => {
    const rules = `SecRule ARGS "@rx x" "id:1,phase:1,deny,status:418"
SecRule RESPONSE_STATUS "@rx ." "id:9,phase:5,pass,msg:'%{RESPONSE_STATUS}'"`;
    const waf = createWaf({ rules: `SecRuleEngine On\n${rules}`, compatibility: 'modsecurity3' });
    const transaction = waf.transaction();
    transaction.requestHead({ method: 'GET', uri: '/?a=x', version: 'HTTP/1.1', headers: [] });
    transaction.endRequest();
    transaction.responseHead({ status: 418, headers: [], version: 'HTTP/1.1' });
    const { matches } = transaction.finish();
    expect(matches.at(-1)?.message).toBe('418');
  });
});
