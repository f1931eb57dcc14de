import { describe, expect, it } from 'vitest';
import { PhaseOrderError, type Transaction } from '../../src/model/transaction.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

const HEAD = {
  method: 'POST',
  uri: '/?a=1',
  version: 'HTTP/1.1',
  headers: [['Host', 'a']],
} as const;

function begin(rules: string): Transaction {
  return createWaf({ rules: `SecRuleEngine On\nSecRequestBodyAccess On\n${rules}` }).transaction();
}

const ids = (transaction: Transaction): number[] =>
  transaction.finish().matches.map((match) => match.rule.id);

describe('the steps of a transaction', () => {
  it('run the phases in their order', () => {
    const transaction = begin(
      [5, 4, 3, 2, 1].map((n) => `SecAction "id:${n},phase:${n},pass"`).join('\n'),
    );
    transaction.requestHead(HEAD);
    transaction.endRequest();
    transaction.responseHead({ status: 200, headers: [] });
    transaction.endResponse();
    expect(ids(transaction)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuse to come too early or too late', () => {
    expect(() => begin('').endRequest()).toThrow(PhaseOrderError);
    expect(() => begin('').responseHead({ status: 200, headers: [] })).toThrow(PhaseOrderError);
    const transaction = begin('');
    transaction.requestHead(HEAD);
    transaction.endRequest();
    expect(() => transaction.requestBody('late')).toThrow(PhaseOrderError);
    expect(() => transaction.requestHead(HEAD)).toThrow(PhaseOrderError);
  });

  it('can end after any of them', () => {
    expect(begin('SecAction "id:1,phase:5,pass"').finish().matches).toHaveLength(1);
    const transaction = begin('SecAction "id:1,phase:5,pass"');
    transaction.requestHead(HEAD);
    expect(ids(transaction)).toEqual([1]);
  });

  it('answer the same verdict when finish is called again, and log once', () => {
    const transaction = begin('SecAction "id:1,phase:5,pass"');
    transaction.requestHead(HEAD);
    expect(transaction.finish()).toBe(transaction.finish());
    expect(ids(transaction)).toEqual([1]);
  });

  it('answer the interruption from the rule on, skip later phases, and still log', () => {
    const transaction = begin(
      'SecAction "id:1,phase:1,deny,status:418"\nSecAction "id:2,phase:2,pass"\nSecAction "id:5,phase:5,pass"',
    );
    const denied = { rule: 1, phase: 1, action: 'deny', status: 418 };
    expect(transaction.requestHead(HEAD)).toMatchObject(denied);
    expect(transaction.endRequest()).toMatchObject(denied);
    expect(ids(transaction)).toEqual([1, 5]);
  });

  it('take bodies as bytes and as byte strings', () => {
    const transaction = begin('SecRule ARGS_POST:b "@streq \xff2" "id:1,phase:2,pass"');
    transaction.requestHead({
      ...HEAD,
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    });
    transaction.requestBody('b=');
    transaction.requestBody(Uint8Array.of(0xff));
    transaction.requestBody('2');
    transaction.endRequest();
    expect(ids(transaction)).toEqual([1]);
  });
});

describe('body limits', () => {
  const form = {
    ...HEAD,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
  } as const;

  it('interrupt with 413 when a request body is too long', () => {
    const transaction = begin('SecRequestBodyLimit 4\nSecAction "id:2,phase:2,pass"');
    transaction.requestHead(form);
    expect(transaction.requestBody('a=12')).toBeNull();
    expect(transaction.requestBody('3')).toMatchObject({
      rule: null,
      status: 413,
      cause: 'request-body-limit',
    });
    expect(ids(transaction)).toEqual([]);
  });

  it('inspect the beginning with ProcessPartial, and say so', () => {
    const transaction = begin(
      'SecRequestBodyLimit 4\nSecRequestBodyLimitAction ProcessPartial\nSecRule ARGS:a "@streq 12" "id:1,phase:2,pass"\nSecRule INBOUND_DATA_ERROR "@eq 1" "id:2,phase:2,pass"',
    );
    transaction.requestHead(form);
    expect(transaction.wantsRequestBody).toBe(true);
    expect(transaction.requestBody('a=12345')).toBeNull();
    expect(transaction.wantsRequestBody).toBe(false);
    transaction.endRequest();
    expect(ids(transaction)).toEqual([1, 2]);
  });

  it('show as an error what nests so deeply that its names outgrow the body limit', () => {
    const judge = (body: string): number[] => {
      const transaction = begin(`SecRequestBodyNoFilesLimit 1000
        SecArgumentsLimit 8
        SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
        SecRule REQBODY_ERROR "@eq 1" "id:2,phase:2,pass"
        SecRule ARGS_NAMES "@endsWith array_0" "id:3,phase:2,pass"`);
      transaction.requestHead(HEAD);
      transaction.requestBody(body);
      transaction.endRequest();
      return ids(transaction);
    };
    const nested = (depth: number): string =>
      `${'{"k":'.repeat(depth)}[1,2,3,4,5]${'}'.repeat(depth)}`;
    expect(judge(nested(20))).toEqual([1, 3]);
    expect(judge(nested(100))).toEqual([1, 2, 3]);
  });

  it('never block in DetectionOnly', () => {
    const waf = createWaf({
      rules: 'SecRuleEngine DetectionOnly\nSecRequestBodyAccess On\nSecRequestBodyLimit 4',
    });
    const transaction = waf.transaction();
    transaction.requestHead(form);
    expect(transaction.requestBody('a=12345')).toBeNull();
    expect(transaction.finish().interruption).toBeNull();
  });

  it('interrupt with 500 when a response body is too long', () => {
    const transaction = begin('SecResponseBodyAccess On\nSecResponseBodyLimit 4');
    transaction.requestHead(HEAD);
    transaction.endRequest();
    transaction.responseHead({ status: 200, headers: [['Content-Type', 'text/html']] });
    expect(transaction.wantsResponseBody).toBe(true);
    expect(transaction.responseBody('12345')).toMatchObject({
      status: 500,
      cause: 'response-body-limit',
    });
  });

  it('leave types alone that are not listed', () => {
    const transaction = begin('SecResponseBodyAccess On\nSecResponseBodyLimit 4');
    transaction.requestHead(HEAD);
    transaction.endRequest();
    transaction.responseHead({ status: 200, headers: [['Content-Type', 'image/png']] });
    expect(transaction.wantsResponseBody).toBe(false);
    expect(transaction.responseBody('12345')).toBeNull();
  });
});

describe('engine errors', () => {
  // Backreferences need backtracking, and the subject makes it explode.
  const rules = 'SecRule ARGS "@rx (a+)\\1+cb" "id:1,phase:2,pass"\nSecAction "id:2,phase:2,pass"';
  const uri = `/?q=${'a'.repeat(50_000)}dcb`;

  it('are recorded with the rule, shown to guard rules, and do not end the phase', () => {
    const transaction = begin(`${rules}\nSecRule TX:/^MSC_/ "!@streq 0" "id:3,phase:2,pass"`);
    transaction.requestHead({ ...HEAD, uri });
    transaction.endRequest();
    const { errors, matches } = transaction.finish();
    expect(errors).toMatchObject([{ code: 'match-limit', ruleId: 1, phase: 2 }]);
    expect(matches.map((match) => match.rule.id)).toEqual([2, 3]);
  });

  it('block by default, and do not where configured otherwise or in DetectionOnly', () => {
    const record = { method: 'GET', uri, headers: [] };
    const all = `SecRuleEngine On\n${rules}`;
    expect(createWaf({ rules: all }).inspect(record).decision).toMatchObject({
      effect: 'block',
      row: 'engine-error',
      status: 500,
    });
    expect(createWaf({ rules: all, onEngineError: 'allow' }).inspect(record).decision.effect).toBe(
      'allow',
    );
    expect(createWaf({ rules: all, engine: 'DetectionOnly' }).inspect(record).decision.effect).toBe(
      'allow',
    );
  });
});
