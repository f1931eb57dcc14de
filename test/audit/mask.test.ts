import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEntry } from '../../src/audit/json.ts';
import { jsonEntryV2 } from '../../src/audit/json-v2.ts';
import { masked } from '../../src/audit/mask.ts';
import { nativeEntry } from '../../src/audit/native.ts';
import { type Masks, NO_MASKS } from '../../src/model/masks.ts';
import { aMatch, aRecord } from './support/record.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const masks = (fields: Partial<Masks>): Masks => ({ ...NO_MASKS, ...fields });

describe('masked', () => {
  it('gives back the record itself when nothing is to be hidden', () => {
    const record = aRecord();
    expect(masked(record)).toBe(record);
  });

  it('hides an argument in the request line, the form and what matches tell of it', () => {
    const record = aRecord({
      masks: masks({ args: ['PassWord'] }),
      request: {
        line: 'POST /login?user=ann&pass%77ord=hunter%32 HTTP/1.1',
        uri: '/login?user=ann&pass%77ord=hunter%32',
        body: 'b=2&password=hunter2&c=3',
        args: [
          { key: 'user', value: 'ann' },
          { key: 'password', value: 'hunter2' },
        ],
        bodyArgs: [{ key: 'password', value: 'hunter2' }],
      },
      matches: [
        aMatch({
          variable: 'ARGS:password',
          value: 'hunter2',
          data: 'Matched: hunter2 within',
          evidence: 'Pattern match "x" at hunter2',
          test: { operator: 'streq', argument: 'hunter2', negated: false },
        }),
      ],
    });
    const { request, matches } = masked(record);
    expect(request.line).toBe('POST /login?user=ann&pass%77ord=********* HTTP/1.1');
    expect(request.uri).toBe('/login?user=ann&pass%77ord=*********');
    expect(request.body).toBe('b=2&password=*******&c=3');
    expect(request.bodyArgs).toEqual([{ key: 'password', value: '*******' }]);
    expect(matches[0]).toMatchObject({
      value: '*******',
      data: 'Matched: ******* within',
      evidence: 'Pattern match "x" at *******',
      test: { argument: '*******' },
    });
  });

  it('hides it in a JSON body, too', () => {
    const record = aRecord({
      masks: masks({ args: ['json.card'] }),
      request: {
        body: '{"card":"4111111111111111"}',
        args: [{ key: 'json.card', value: '4111111111111111' }],
      },
    });
    expect(masked(record).request.body).toBe('{"card":"****************"}');
  });

  it('hides headers of either side in any case', () => {
    const record = aRecord({
      masks: masks({ requestHeaders: ['authorization'], responseHeaders: ['Set-Cookie'] }),
      request: { headers: [['AUTHORIZATION', 'Basic abc']] },
      response: { headers: [['set-cookie', 'sid=123']] },
    });
    const { request, response } = masked(record);
    expect(request.headers).toEqual([['AUTHORIZATION', '*********']]);
    expect(response.headers).toEqual([['set-cookie', '*******']]);
  });

  it('hides a value that matched, wherever it came from', () => {
    const all = (variable: string): Masks =>
      masks({ matched: [{ variable, text: undefined, keepLeft: 0, keepRight: 0 }] });
    const cookie = aRecord({
      masks: all('REQUEST_COOKIES:sid'),
      request: { headers: [['Cookie', 'a=1; sid=SECRET; b=2']] },
      matches: [aMatch({ variable: 'REQUEST_COOKIES:sid', value: 'secret' })],
    });
    expect(masked(cookie).request.headers).toEqual([['Cookie', 'a=1; sid=******; b=2']]);
    const body = aRecord({ masks: all('REQUEST_BODY') });
    expect(masked(body).request.body).toBe('**********');
    const target = aRecord({ masks: all('REQUEST_URI') });
    expect(masked(target).request).toMatchObject({ uri: '*********' });
  });

  it('leaves the ends of matched bytes readable when it is told to', () => {
    const record = aRecord({
      masks: masks({
        matched: [
          { variable: 'RESPONSE_BODY', text: '4111111111111111', keepLeft: 2, keepRight: 4 },
        ],
      }),
      response: { body: 'card: 4111111111111111!' },
    });
    expect(masked(record).response.body).toBe('card: 41**********1111!');
  });

  it('hides all free text when there are more secrets than it can look for', () => {
    const args = Array.from({ length: 200 }, (_, at) => ({ key: 'p', value: `secret${at}` }));
    const record = aRecord({
      masks: masks({ args: ['p'] }),
      request: { args, body: JSON.stringify(args.map(({ value }) => value)) },
    });
    expect(masked(record).request.body).toMatch(/^\*+$/);
  });

  it('takes linear time on long texts without a pair', () => {
    const record = aRecord({
      masks: masks({ args: ['a'] }),
      request: { body: 'x'.repeat(2_000_000), headers: [['Cookie', 'y'.repeat(200_000)]] },
    });
    const startedMs = performance.now();
    masked(record);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('lets no masked argument into any kind of entry', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/).map((text) => `Q${text}`);
    fc.assert(
      fc.property(secret, (value) => {
        const record = aRecord({
          auditLogParts: 'ABCEFHIJKZ',
          masks: masks({ args: ['p'] }),
          request: {
            line: `GET /?p=${value} HTTP/1.1`,
            uri: `/?p=${value}`,
            body: `p=${value}`,
            args: [{ key: 'p', value }],
            bodyArgs: [{ key: 'p', value }],
          },
          response: { body: `echo ${value}` },
          matches: [
            aMatch({ variable: 'ARGS:p', value, data: value, message: value, tags: [value] }),
          ],
        });
        const entries = [
          nativeEntry(record, 'v2'),
          nativeEntry(record, 'v3'),
          jsonEntry(record),
          jsonEntryV2(record),
        ];
        for (const entry of entries) expect(entry).not.toContain(value);
      }),
      { numRuns: RUNS },
    );
  });
});
