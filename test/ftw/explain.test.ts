import { describe, expect, it } from 'vitest';
import { createExplain } from '../../src/ftw/explain.ts';
import type { FailedStage } from '../../src/ftw/runner.ts';
import { DEFAULT_INPUT } from '../../src/ftw/test-file.ts';
import type { TraceFactory } from '../../src/model/trace.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

const RULES = `
SecRuleEngine On
SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveById=3"
SecRule ARGS:a|ARGS:b "@rx evil" "id:2,phase:1,pass,t:lowercase,t:trim,chain"
SecRule REQUEST_METHOD "!@streq POST" "t:none"
SecRule ARGS "@rx x" "id:3,phase:1,deny"
SecRule ARGS:gone "@rx x" "id:4,phase:1,deny"
SecRule ARGS:a "@rx evil" "id:5,phase:1,deny"
SecRule ARGS:a "@rx evil" "id:6,phase:2,deny"
`;

function explainer() {
  let runs = 0;
  let current: TraceFactory = () => undefined;
  const waf = createWaf({ rules: RULES, trace: (transaction) => current(transaction) });
  const explain = createExplain(
    (trace) => {
      runs++;
      current = trace;
      return waf.transaction();
    },
    (id) => id !== 99,
  );
  return { explain, runs: () => runs };
}

const stage = (uri: string): FailedStage => ({
  number: 1,
  failures: [],
  observation: {
    request: `GET ${uri} HTTP/1.1\r\nHost: a\r\n\r\n`,
    response: undefined,
    error: undefined,
    logLines: [],
    loggedIds: [],
    matches: undefined,
    remark: undefined,
  },
  input: DEFAULT_INPUT,
});

describe('the explanation of a rule', () => {
  it('shows each value that it tested, after its transformations, and the outcome', () => {
    const { explain } = explainer();
    expect(explain(2, stage('/?a=%20EVIL&b=ok%0a'))).toEqual([
      'ARGS:a|ARGS:b @rx evil',
      '  ARGS:a  t:lowercase,t:trim -> "evil"  match',
      '  ARGS:b  t:lowercase,t:trim -> "ok"  no match',
      'link 2: REQUEST_METHOD !@streq POST',
      '  REQUEST_METHOD -> "GET"  match',
      'matched',
    ]);
  });

  it('says why nothing was tested', () => {
    const { explain } = explainer();
    const failed = stage('/?a=EVIL');
    expect(explain(3, failed)).toEqual(['removed by ctl:ruleRemoveById']);
    expect(explain(4, failed)).toEqual(['ARGS:gone @rx x', '  no such target in the request']);
    expect(explain(6, stage('/?a=evil'))).toEqual(['was not reached']);
    expect(explain(99, failed)).toEqual(['is not loaded']);
  });

  it('runs a stage once however many rules are asked about', () => {
    const { explain, runs } = explainer();
    const failed = stage('/?a=b');
    for (const id of [2, 3, 4, 5]) explain(id, failed);
    expect(runs()).toBe(1);
  });

  it('stays short on many and on long values', () => {
    const { explain } = explainer();
    const many = Array.from({ length: 200 }, (_, at) => `a=${'y'.repeat(at + 100)}`).join('&');
    const lines = explain(2, stage(`/?${many}`));
    expect(lines.length).toBeLessThan(50);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
  });

  it('has nothing to say of a stage that was not sent', () => {
    const { explain } = explainer();
    expect(explain(2, { ...stage('/'), input: undefined })).toEqual(['was not reached']);
  });
});
