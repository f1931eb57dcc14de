import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { TransactionRecord } from '../../src/model/transaction-record.ts';
import { createWaf } from '../../src/waf/create-waf.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

type Request = Pick<ExchangeRecord, 'method' | 'uri' | 'headers' | 'body'>;

const FORM: Request = {
  method: 'POST',
  uri: '/a%20b/c.php?x=1&y=%41&x=1',
  headers: [
    ['Host', 'shop.test:8080'],
    ['Cookie', 'a=1;  b=2; a=1'],
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['X-Twice', 'same'],
    ['X-Twice', 'same'],
  ],
  body: 'p=value&q=other',
};

const MULTIPART: Request = {
  method: 'POST',
  uri: '/',
  headers: [['Content-Type', 'multipart/form-data; boundary=b']],
  body: [
    '--b',
    'Content-Disposition: form-data; name="n"',
    '',
    'value',
    '--b',
    'Content-Type: text/plain',
    'Content-Disposition: form-data; name=file; filename=f.txt',
    '',
    'content',
    '--b--',
    '',
  ].join('\r\n'),
};

/** The references of all rules that matched, by id. */
function refs(rules: string, request: Request): Map<number, string> {
  const records: TransactionRecord[] = [];
  const waf = createWaf({
    rules: `SecRuleEngine On\nSecRequestBodyAccess On\n${rules}`,
    audit: { wants: () => true, finished: (record) => records.push(record) },
  });
  waf.inspect({ version: 'HTTP/1.1', ...request });
  const record = records[0] as TransactionRecord;
  return new Map(record.matches.map((match) => [match.rule.id, record.reference(match)]));
}

const refOf = (rule: string, request: Request): string =>
  refs(`${rule} "id:1,phase:2,pass"`, request).get(1) ?? 'no match';

/** The request as libmodsecurity counts it: no empty line, but one byte before a form. */
function counted({ method, uri, headers, body = '' }: Request, gap = '\n'): string {
  const head = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  return `${method} ${uri} HTTP/1.1\n${head}${gap}${body}`;
}

function spans(ref: string): readonly (readonly [number, number])[] {
  return [...ref.matchAll(/v(\d+),(\d+)/g)].map((found) => [Number(found[1]), Number(found[2])]);
}

describe('the reference of a match', () => {
  it.each([
    ['REQUEST_METHOD', ['POST']],
    ['REQUEST_LINE', ['POST /a%20b/c.php?x=1&y=%41&x=1 HTTP/1.1']],
    ['REQUEST_PROTOCOL', ['HTTP/1.1']],
    ['REQUEST_URI', ['/a%20b/c.php?x=1&y=%41&x=1']],
    ['REQUEST_URI_RAW', ['/a%20b/c.php?x=1&y=%41&x=1']],
    ['REQUEST_FILENAME', ['/a%20b/c.php']],
    ['QUERY_STRING', ['x=1&y=%41&x=1']],
    ['REQUEST_HEADERS:Host', ['shop.test:8080']],
    ['REQUEST_HEADERS_NAMES:Host', ['Host']],
    ['SERVER_NAME', ['shop.test']],
    ['REQUEST_COOKIES:b', ['2']],
    ['REQUEST_COOKIES_NAMES:b', ['b']],
    ['ARGS_GET_NAMES:y', ['y']],
    ['ARGS_POST', ['value', 'other']],
    ['ARGS_POST_NAMES:q', ['q']],
    ['ARGS:p', ['value']],
    ['ARGS_COMBINED_SIZE', ['x', '1', 'y', '%', 'x', '1', 'p', 'value', 'q', 'other']],
    ['REQUEST_BODY', ['p=value&q=other']],
    ['REQUEST_BODY_LENGTH', ['p=value&q=other']],
  ])('leads from %s to its bytes in the request', (variable, texts) => {
    const ref = refOf(`SecRule ${variable} "@unconditionalMatch"`, FORM);
    const raw = counted(FORM);
    expect(spans(ref).map(([offset, length]) => raw.slice(offset, offset + length))).toEqual(texts);
  });

  it.each([
    ['ARGS:x', 2],
    ['ARGS_NAMES:x', 2],
    ['REQUEST_COOKIES:a', 2],
    ['REQUEST_HEADERS:X-Twice', 2],
  ])('tells equal elements of %s apart', (variable, count) => {
    const found = spans(refOf(`SecRule ${variable} "@unconditionalMatch"`, FORM));
    expect(found).toHaveLength(count);
    expect(new Set(found.map(([offset]) => offset)).size).toBe(count);
  });

  it('tells equal arguments of query and form apart, grouped by name as libmodsecurity has them', () => {
    const request = { ...FORM, uri: '/?a=1&b=2&a=1', body: 'a=1&b=2' };
    const rules =
      'SecCompatibility modsecurity3\nSecRule ARGS "@unconditionalMatch" "id:1,phase:2,pass"';
    const raw = counted(request);
    const texts = spans(refs(rules, request).get(1) ?? '').map(
      ([offset, length]) => [offset, raw.slice(offset, offset + length)] as const,
    );
    expect(texts.map(([, text]) => text)).toEqual(['1', '1', '1', '2', '2']);
    expect(new Set(texts.map(([offset]) => offset)).size).toBe(5);
  });

  it('tells names apart that were seen before the body came', () => {
    const rules = 'SecRule ARGS_NAMES:x "@unconditionalMatch" "id:1,phase:1,pass"';
    const raw = counted(FORM);
    const found = spans(refs(rules, FORM).get(1) ?? '');
    expect(found.map(([offset]) => raw.slice(offset, offset + 3))).toEqual(['x=1', 'x=1']);
    expect(found[0]).not.toEqual(found[1]);
  });

  it('leads to the parts of a multipart body', () => {
    const raw = counted(MULTIPART, '');
    const textOf = (variable: string): readonly string[] =>
      spans(refOf(`SecRule ${variable} "@unconditionalMatch"`, MULTIPART)).map(([offset, length]) =>
        raw.slice(offset, offset + length),
      );
    expect(textOf('FILES')).toEqual(['f.txt']);
    expect(textOf('FILES_NAMES')).toEqual(['file']);
    expect(textOf('MULTIPART_FILENAME')).toEqual(['f.txt']);
    // One byte too far, as libmodsecurity counts; behind a line end in a file.
    expect(textOf('ARGS:n')).toEqual(['alue\r']);
    expect(textOf('FILES_TMP_CONTENT')).toEqual(['ntent\r\n']);
  });

  it('tells what the operator found and the transformations as they are written', () => {
    expect(refOf('SecRule ARGS:p "@rx a(l)"', FORM)).toMatch(/^o1,2o2,1v\d+,5$/);
    const rules = 'SecRule ARGS:p "@contains LU" "id:1,phase:2,pass,t:none,t:UPPERCASE,t:trim"';
    expect(refs(rules, FORM).get(1)).toMatch(/^o2,2v\d+,5t:UPPERCASE,t:trim$/);
  });

  it('goes through all links of a chain', () => {
    const rules =
      'SecRule REQUEST_METHOD "@streq POST" "id:1,phase:2,pass,chain"\nSecRule ARGS:p|ARGS:q "@rx ^."';
    expect(refs(rules, FORM).get(1)).toMatch(/^v0,4o0,1v\d+,5o0,1v\d+,5$/);
  });

  it.each([
    ['a count', 'SecRule &ARGS "@eq 5"', ''],
    ['what is not in the request', 'SecRule TX:a "@unconditionalMatch"', ''],
    ['a negated operator', 'SecRule REQUEST_METHOD "!@rx GET"', 'v0,4'],
  ])('says no more than there is of %s', (_, rule, ref) => {
    const found = refs(
      `SecAction "id:9,phase:1,pass,setvar:tx.a=1"\n${rule} "id:1,phase:2,pass"`,
      FORM,
    );
    expect(found.get(1)).toBe(ref);
  });

  it('is that of its own rule', () => {
    const found = refs(
      'SecAction "id:1,phase:2,pass"\nSecRule REQUEST_METHOD "@streq POST" "id:2,phase:2,pass"',
      FORM,
    );
    expect(found).toEqual(
      new Map([
        [1, ''],
        [2, 'v0,4'],
      ]),
    );
  });

  it('has an end however much matches', () => {
    const uri = `/?${'a=1&'.repeat(900)}`;
    const ref = refOf('SecRule ARGS "@rx ."', { ...FORM, uri });
    expect(ref.length).toBeLessThan(8192);
  });

  it('is found for any request', () => {
    const variables =
      'ARGS|ARGS_NAMES|REQUEST_HEADERS|REQUEST_COOKIES|FILES|FILES_SIZES|FILES_TMP_CONTENT|' +
      'REQUEST_BASENAME|QUERY_STRING|MULTIPART_NAME|REQUEST_BODY|REMOTE_USER|AUTH_TYPE';
    const bytes = fc.string({ unit: 'binary-ascii' });
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.boolean(), (uri, header, body, multipart) => {
        const type = multipart ? 'multipart/form-data; boundary=b' : 'application/json';
        const request: Request = {
          method: 'POST',
          uri: `/${uri}`,
          headers: [
            ['Cookie', header],
            ['Authorization', header],
            ['Content-Type', type],
          ],
          body: `--b\n${body}`,
        };
        const ref = refOf(`SecRule ${variables} "@rx ()"`, request);
        expect(ref).toMatch(/^(?:o\d+,\d+|v\d+,\d+)*$/);
        const size = counted(request).length;
        for (const [offset] of spans(ref)) expect(offset).toBeLessThanOrEqual(size);
      }),
      { numRuns: RUNS },
    );
  });
});
