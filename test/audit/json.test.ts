import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEntry } from '../../src/audit/json.ts';
import { jsonString } from '../../src/audit/json-text.ts';
import { jsonEntryV2 } from '../../src/audit/json-v2.ts';
import { aMatch, aRecord } from './support/record.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const OPTIONS = { producer: 'Portcullis/1.2.3', serverId: 'f00', utcOffset: 0 };

describe('jsonEntry', () => {
  it('has the members of libmodsecurity in their order', () => {
    expect(jsonEntry(aRecord(), OPTIONS)).toBe(
      `${[
        '{"transaction":{"client_ip":"192.0.2.1","time_stamp":"Tue Mar 12 10:00:00 2024",',
        '"server_id":"f00","client_port":40000,"host_ip":"198.51.100.1","host_port":443,',
        '"unique_id":"YaBcDeFgHiJkLmNoPqRsTuVw","request":{"method":"POST","http_version":1.1,',
        '"uri":"/cart?x=1","body":"a=evil&b=2","headers":{"Host":"shop.test","Accept":"*/*"}},',
        '"response":{"body":"no\\r\\nway","http_code":403,"headers":{"Content-Type":"text/html"}},',
        '"producer":{"modsecurity":"Portcullis/1.2.3","connector":"",',
        '"secrules_engine":"Enabled","components":["OWASP_CRS/4.0.0"]},',
        '"messages":[{"message":"an attack","details":{"match":"Matched \\"Operator `Rx\' with ',
        "parameter `evil' against variable `ARGS:a' (Value: `evil' )\",",
        '"reference":"o0,4v19,4","ruleId":"942100","file":"/etc/crs/a.conf","lineNumber":"46",',
        '"data":"found x","severity":"2","ver":"","rev":"","tags":["attack","paranoia-level/1"],',
        '"maturity":"0","accuracy":"0"}}]}}',
      ].join('')}\n`,
    );
  });

  it('keeps to the parts', () => {
    const entry = JSON.parse(jsonEntry(aRecord({ auditLogParts: 'AZ' }), OPTIONS)).transaction;
    expect(entry.request).toEqual({ method: 'POST', http_version: 1.1, uri: '/cart?x=1' });
    expect(entry.response).toEqual({ http_code: 403 });
    expect(Object.keys(entry)).not.toContain('messages');
    expect(Object.keys(entry)).not.toContain('producer');
  });

  it('writes a header that came twice twice', () => {
    const record = aRecord({
      request: {
        headers: [
          ['A', '1'],
          ['A', '2'],
        ],
      },
    });
    expect(jsonEntry(record, OPTIONS)).toContain('"headers":{"A":"1","A":"2"}');
  });

  it('shows a protocol without a number as text', () => {
    const record = aRecord({ request: { protocol: 'SPDY' } });
    expect(jsonEntry(record, OPTIONS)).toContain('"http_version":"SPDY"');
  });

  it('lists only what is for the audit log', () => {
    const record = aRecord({ matches: [aMatch({ audited: false })] });
    expect(jsonEntry(record, OPTIONS)).toContain('"messages":[]');
  });
});

describe('jsonEntryV2', () => {
  it('has the members of ModSecurity 2', () => {
    const entry = JSON.parse(
      jsonEntryV2(aRecord({ auditLogParts: 'ABCEFHKZ' }), OPTIONS),
    ) as Record<string, Record<string, unknown>>;
    expect(entry['transaction']).toEqual({
      time: '12/Mar/2024:10:00:00 +0000',
      transaction_id: 'YaBcDeFgHiJkLmNoPqRsTuVw',
      remote_address: '192.0.2.1',
      remote_port: 40000,
      local_address: '198.51.100.1',
      local_port: 443,
    });
    expect(entry['request']).toEqual({
      request_line: 'POST /cart?x=1 HTTP/1.1',
      headers: { Host: 'shop.test', Accept: '*/*' },
      body: ['a=evil&b=2'],
    });
    expect(entry['response']).toEqual({
      protocol: 'HTTP/1.1',
      status: 403,
      headers: { 'Content-Type': 'text/html' },
      body: 'no\r\nway',
    });
    expect(entry['audit_data']).toMatchObject({
      action: { intercepted: true, phase: 2, message: 'an attack' },
      producer: ['Portcullis/1.2.3', 'OWASP_CRS/4.0.0'],
      engine_mode: 'ENABLED',
      stopwatch: { p1: 250, p2: 1500, p5: 0, sr: 0 },
    });
    expect(entry['matched_rules']).toEqual([
      {
        chain: false,
        full_chain_match: true,
        rules: [
          {
            actionset: {
              id: '942100',
              msg: 'an attack',
              severity: 2,
              phase: 2,
              is_chained: false,
              chain_starter: false,
              tags: ['attack', 'paranoia-level/1'],
            },
            operator: { operator: 'rx', operator_param: 'evil', target: 'ARGS', negated: false },
            config: { filename: '/etc/crs/a.conf', line_num: 46 },
            unparsed: 'SecRule ARGS "@rx evil" "id:942100,phase:2,deny"',
            is_matched: true,
          },
        ],
      },
    ]);
  });

  it('lists uploads and the body without them', () => {
    const record = aRecord({
      auditLogParts: 'AIJZ',
      request: {
        isMultipart: true,
        uploads: [{ index: 1, size: 7, filename: 'a', contentType: undefined }],
      },
    });
    const entry = JSON.parse(jsonEntryV2(record, OPTIONS));
    expect(entry.request).toEqual({ fake_body: 'a=evil&b=2' });
    expect(entry.uploads).toEqual({
      info: [{ file_size: 7, file_name: 'a', content_type: '<Unknown Content-Type>' }],
      total: 7,
    });
  });
});

describe('JSON entries on hostile data', () => {
  const bytes = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  });

  it('are one line of ASCII that parses', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, c) => {
        const record = aRecord({
          id: a,
          request: { line: b, body: c, uri: a, headers: [[b, c]] },
          matches: [aMatch({ message: a, data: b, value: c, tags: [a] })],
        });
        for (const entry of [jsonEntry(record, OPTIONS), jsonEntryV2(record, OPTIONS)]) {
          expect(entry).toMatch(/^[\x20-\x7e]*\n$/);
          JSON.parse(entry);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('cut what many rules quote of a long value', () => {
    const long = 'x'.repeat(100_000);
    const matches = Array.from({ length: 50 }, () => aMatch({ message: long, data: long }));
    const entry = jsonEntry(aRecord({ matches }), OPTIONS);
    expect(entry.length).toBeLessThan(500_000);
    const [message] = JSON.parse(entry).transaction.messages;
    expect(message.details.data).toMatch(/^x{4096} .*95904/);
  });

  it('show UTF-8 as its characters and other bytes as one character each', () => {
    expect(jsonString('\xc3\xa9')).toBe('"\\u00e9"');
    expect(jsonString('\xe9')).toBe('"\\u00e9"');
    expect(jsonString('\xf0\x9f\x98\x80')).toBe('"\\ud83d\\ude00"');
  });
});
