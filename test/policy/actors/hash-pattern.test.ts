import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileHashPattern } from '../../../src/policy/actors/hash-pattern.ts';
import { keyedHash } from '../../../src/policy/actors/keyed-hash.ts';
import { hashPattern } from '../../../src/policy/attribution/schema.ts';
import { createSourceReader } from '../../../src/policy/attribution/source.ts';
import {
  attribution,
  intelligenceOf,
  type RequestParts,
  request,
} from '../../support/policy-request.ts';

const hmac = (text: string): string =>
  createHmac('sha256', 'key').update(text, 'latin1').digest('hex');

const reader = createSourceReader(
  undefined,
  attribution([{ from: 'header', name: 'X-User' }]).identifier,
  intelligenceOf(
    { ranges: [{ file: 'asn.csv', kind: 'asn' }] },
    { 'asn.csv': '192.0.2.0/24,64496\n' },
  ).intelligence,
);

function patternValue(
  fields: readonly unknown[],
  parts: RequestParts = {},
  options: { readonly peer?: string; readonly missing?: string; readonly name?: string } = {},
) {
  const { peer = '192.0.2.1', name = 'p', ...rest } = options;
  const problems: string[] = [];
  const compiled = compileHashPattern(
    hashPattern.parse({ name, fields, ...rest }),
    hmac,
    undefined,
    (_field, problem) => problems.push(problem),
  );
  const seen = request(parts);
  const fact = compiled(reader.read({ clientAddress: peer, request: seen }, 0), seen);
  return { problems, fact, value: fact.known ? fact.value : undefined };
}

const token = (claims: object): string =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

describe('a hash pattern', () => {
  const cases: readonly (readonly [unknown, RequestParts])[] = [
    ['user', { headers: [['X-User', 'alice']] }],
    ['email', { headers: [['X-User', 'alice@example.com']] }],
    ['userAgent', { headers: [['User-Agent', 'x']] }],
    [{ header: 'X-Device' }, { headers: [['x-device', 'd']] }],
    [{ cookie: 'sid' }, { cookies: [['sid', 's']] }],
    [{ query: 'q' }, { query: [['q', '1']] }],
    [{ body: 'account' }, { json: [['json.account', '7']] }],
    [{ apiKey: 'X-Api-Key' }, { headers: [['X-API-KEY', 'k']] }],
    [{ apiKey: 'api_key' }, { query: [['api_key', 'k']] }],
    [{ claim: 'sub' }, { headers: [['Authorization', `Bearer ${token({ sub: 'a' })}`]] }],
  ];

  it.each(cases)('over %j has a value that depends on it', (field, parts) => {
    const { value, problems } = patternValue([field], parts);
    expect(problems).toEqual([]);
    expect(value).toMatch(/^[0-9a-f]{32}$/);
    expect(patternValue([field], parts).value).toBe(value);
    expect(patternValue([field]).fact).toMatchObject({ known: false, why: 'no-input' });
  });

  it('over addresses and networks tells them apart as far as it should', () => {
    const at = (field: unknown, peer: string) => patternValue([field], {}, { peer }).value;
    expect(at('address', '192.0.2.1')).toBe(at('address', '::ffff:192.0.2.1'));
    expect(at('address', '192.0.2.1')).not.toBe(at('address', '192.0.2.2'));
    const network = { network: {} };
    expect(at(network, '192.0.2.1')).toBe(at(network, '192.0.2.254'));
    expect(at(network, '192.0.2.1')).not.toBe(at(network, '192.0.3.1'));
    expect(at(network, '2001:db8::1')).toBe(at(network, '2001:db8::ffff:ffff'));
    expect(at(network, '2001:db8::1')).not.toBe(at(network, '2001:db8:0:1::1'));
    expect(at({ network: { ipv4: 31 } }, '192.0.2.1')).not.toBe(
      at({ network: { ipv4: 31 } }, '192.0.2.2'),
    );
    expect(at('asn', '192.0.2.1')).toBe(at('asn', '192.0.2.99'));
    expect(at('asn', '192.0.3.1')).toBeUndefined();
  });

  it('depends on its name, its order and its key', () => {
    const parts: RequestParts = {
      query: [
        ['a', 'x'],
        ['b', 'y'],
      ],
    };
    const [a, b] = [{ query: 'a' }, { query: 'b' }];
    const value = patternValue([a, b], parts).value;
    expect(patternValue([b, a], parts).value).not.toBe(value);
    expect(patternValue([a, b], parts, { name: 'other' }).value).not.toBe(value);
    expect(keyedHash((text) => hmac(`other key ${text}`), 'd', ['x'])).not.toBe(
      keyedHash(hmac, 'd', ['x']),
    );
  });

  it('has no value where a field is missing, or one for the absence', () => {
    const parts: RequestParts = { query: [['a', 'x']] };
    const fields = [{ query: 'a' }, { query: 'b' }];
    expect(patternValue(fields, parts).fact).toMatchObject({
      known: false,
      detail: 'the hash pattern "p" lacks query b',
    });
    const absent = patternValue(fields, parts, { missing: 'hash' }).value;
    expect(absent).toBeDefined();
    const empty: RequestParts = {
      query: [
        ['a', 'x'],
        ['b', ''],
      ],
    };
    expect(patternValue(fields, empty, { missing: 'hash' }).value).not.toBe(absent);
  });

  it('counts all values of a name', () => {
    const one = patternValue([{ query: 'a' }], { query: [['a', 'x']] }).value;
    const two = patternValue([{ query: 'a' }], {
      query: [
        ['a', 'x'],
        ['a', 'y'],
      ],
    }).value;
    expect(two).toBeDefined();
    expect(two).not.toBe(one);
  });

  it('reports a point where points cannot be read', () => {
    const { fact, problems } = patternValue([{ point: ['header', 'X', 'jwt'] }]);
    expect(problems).toHaveLength(1);
    expect(fact).toMatchObject({ known: false, why: 'source-off' });
  });
});

describe('keyedHash', () => {
  it('is the same for the same parts only', () => {
    const part = fc.option(fc.string({ maxLength: 4 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        fc.array(part, { maxLength: 4 }),
        (one, other) => {
          const isSame =
            one.length === other.length && one.every((value, index) => value === other[index]);
          expect(keyedHash(hmac, 'd', one) === keyedHash(hmac, 'd', other)).toBe(isSame);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('keeps domains apart', () => {
    expect(keyedHash(hmac, 'one', ['x'])).not.toBe(keyedHash(hmac, 'two', ['x']));
  });
});
