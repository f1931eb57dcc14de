import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { TransactionOutline, TransactionRecord } from '../../src/model/transaction-record.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

function recordOf(rules: string, exchange: Partial<ExchangeRecord>): TransactionRecord {
  const records: TransactionRecord[] = [];
  const waf = createWaf({
    rules,
    audit: { wants: () => true, finished: (record) => records.push(record) },
    clock: () => 1000,
  });
  waf.inspect({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [], ...exchange });
  expect(records).toHaveLength(1);
  return records[0] as TransactionRecord;
}

const ON = 'SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n';

describe('the record of a transaction', () => {
  it('holds both sides of the exchange as they came', () => {
    const record = recordOf(`${ON}SecRule ARGS "@streq 2" "id:1,phase:2,pass,msg:m"`, {
      id: 'me',
      method: 'POST',
      uri: '/p?a=1',
      headers: [
        ['Host', 'Shop.test:8080'],
        ['X', '1'],
        ['X', '2'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: 'b=2',
      client: { address: '192.0.2.7', port: 5 },
      server: { address: '198.51.100.7', port: 80 },
      response: { status: 201, headers: [['Content-Type', 'text/plain']], body: 'ok' },
    });
    expect(record).toMatchObject({
      id: 'me',
      startedMs: 1000,
      client: { address: '192.0.2.7', port: 5 },
      server: { address: '198.51.100.7', port: 80 },
      hostname: 'Shop.test',
      interruption: null,
      engine: 'On',
    });
    expect(record.request).toMatchObject({
      line: 'POST /p?a=1 HTTP/1.1',
      body: 'b=2',
      bodyArgs: [{ key: 'b', value: '2' }],
      isMultipart: false,
    });
    expect(record.request.headers.filter(([name]) => name === 'X')).toEqual([
      ['X', '1'],
      ['X', '2'],
    ]);
    expect(record.response).toEqual({
      status: 201,
      protocol: 'HTTP/1.1',
      headers: [['Content-Type', 'text/plain']],
      body: 'ok',
    });
    expect([...record.phaseMs.keys()]).toEqual([1, 2, 3, 4, 5]);
  });

  it('shows the answer of the interruption instead of the upstream', () => {
    const record = recordOf(`${ON}SecAction "id:1,phase:3,deny,status:418"`, {
      response: { status: 200, headers: [['A', 'b']], body: '' },
    });
    expect(record.response).toMatchObject({ status: 418, headers: [] });
  });

  it('gives the text of a matched rule on one line, link by link', () => {
    const record = recordOf(
      `${ON}SecRule ARGS|!ARGS:x|&ARGS_NAMES "!@streq 2" \\\n    "id:1,\\\n    phase:1,pass,chain"\n  SecRule REQUEST_METHOD "@within GET POST" "t:none"`,
      { uri: '/?a=1' },
    );
    const links = record.ruleText(record.matches[0] as never);
    expect(links.map(({ text }) => text)).toEqual([
      'SecRule ARGS|!ARGS:x|&ARGS_NAMES "!@streq 2" "id:1,phase:1,pass,chain"',
      'SecRule REQUEST_METHOD "@within GET POST" "t:none"',
    ]);
    expect(links[0]).toMatchObject({ operator: 'streq', argument: '2', negated: true });
  });

  it('lists the files of a multipart body', () => {
    const record = recordOf(ON, {
      method: 'POST',
      headers: [['Content-Type', 'multipart/form-data; boundary=B']],
      body: '--B\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nfile\r\n--B--\r\n',
    });
    expect(record.request.isMultipart).toBe(true);
    expect(record.request.uploads).toEqual([
      { index: 1, size: 4, filename: 'a.txt', contentType: 'text/plain', content: 'file' },
    ]);
  });

  it('carries what rules want masked', () => {
    const record = recordOf(`${ON}SecAction "id:1,phase:1,pass,sanitiseArg:password"`, {});
    expect(record.masks.args).toEqual(['password']);
  });

  it('says what a match tested, with macros expanded', () => {
    const record = recordOf(
      `${ON}SecAction "id:1,phase:1,pass,nolog,setvar:tx.m=GET"\nSecRule REQUEST_METHOD "@streq %{tx.m}" "id:2,phase:1,pass"`,
      {},
    );
    expect(record.matches[1]?.test).toEqual({ operator: 'streq', argument: 'GET', negated: false });
  });
});

describe('listeners', () => {
  it('are asked before a record is made, and told once', () => {
    const outlines: TransactionOutline[] = [];
    let told = 0;
    const waf = createWaf({
      rules: `${ON}SecAction "id:1,phase:1,deny,status:403"`,
      audit: [
        {
          wants: (outline) => outlines.push(outline) > 1,
          finished: () => {
            told++;
          },
        },
      ],
    });
    for (let turn = 0; turn < 2; turn++) {
      const transaction = waf.transaction();
      transaction.requestHead({ method: 'GET', uri: '/', version: 'HTTP/1.1', headers: [] });
      transaction.finish();
      transaction.finish();
    }
    expect(outlines.map(({ status, engine }) => [status, engine])).toEqual([
      [403, 'On'],
      [403, 'On'],
    ]);
    expect(told).toBe(1);
  });
});
