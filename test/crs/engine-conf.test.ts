// The recommended engine settings by themselves: what they let through and what their guards refuse.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { packagedCrsFile } from '../../src/waf/crs-directory.ts';
import { checkRuleset } from '../../src/waf/load.ts';
import { get, multipart, request, text } from './requests.ts';

const source = (name: string): { name: string; text: string } => {
  const path = packagedCrsFile(name);
  return { name: path, text: readFileSync(path, 'latin1') };
};
const sources = [source('engine.conf'), source('engine-after.conf')];
const waf = createWaf({ rules: sources });

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
const rawMultipart = (body: string): ExchangeRecord =>
  request('POST', '/', { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` }, body);
const part = (disposition: string, content = 'x'): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;

describe('engine.conf', () => {
  it('loads without a finding', () => {
    expect(checkRuleset(sources).diagnostics).toEqual([]);
  });

  it.each<readonly [string, number, ExchangeRecord]>([
    ['JSON that does not parse', 200002, text('{"a":', 'application/json')],
    ['JSON of a vendor that does not parse', 200002, text('{"a":', 'application/vnd.api+json')],
    ['XML that does not parse', 200002, text('<a><b></a>', 'application/xml')],
    ['a part without end', 200002, rawMultipart(part('name="a"'))],
    ['data behind the last part', 200003, rawMultipart(`${part('name="a"')}${END}more`)],
    ['a line like a boundary', 200004, rawMultipart(`${part('name="a"', '--other')}${END}`)],
    ['arguments up to the limit', 200007, get(`/?${'a=1&'.repeat(1000)}`)],
  ])('refuses %s', (_name, id, record) => {
    const { decision } = waf.inspect(record);
    expect(decision.interruption?.rule).toBe(id);
    expect(decision.status).toBe(400);
  });

  it('reports a body that busboy reads differently, and refuses it when told to', () => {
    const star = `name="f"; filename="a.txt"; filename*=UTF-8''shell.php`;
    const record = rawMultipart(`${part(star)}${END}`);
    const { decision, verdict } = waf.inspect(record);
    expect(decision.effect).toBe('allow');
    expect(verdict.matches.map(({ rule }) => rule.id)).toContain(200008);
    const strict = createWaf({
      rules: [...sources, 'SecRuleUpdateActionById 200008 "deny,status:400"'],
    });
    expect(strict.inspect(record).decision).toMatchObject({
      status: 400,
      interruption: { rule: 200008 },
    });
  });

  it.each<readonly [string, ExchangeRecord]>([
    ['a page', get('/?a=b')],
    ['a JSON document', text('{"a":[1,2,{"b":null}]}', 'application/json; charset=utf-8')],
    ['an XML document', text('<a b="c">d</a>', 'text/xml')],
    [
      'a form with a file',
      multipart([{ disposition: 'name="f"; filename="a.txt"', body: 'a\r\nb' }]),
    ],
    ['999 arguments', get(`/?${'a=1&'.repeat(998)}a=1`)],
  ])('lets %s through', (_name, record) => {
    expect(waf.inspect(record).decision.effect).toBe('allow');
  });

  it('sees what JSON holds', () => {
    const watching = createWaf({
      rules: [...sources, 'SecRule ARGS:json.a.b "@streq evil" "id:1,phase:2,deny"'],
    });
    const outcome = watching.inspect(text('{"a":{"b":"evil"}}', 'application/problem+json'));
    expect(outcome.decision.interruption?.rule).toBe(1);
  });
});
