import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../../src/base/bytes.ts';
import { attributionRule } from '../../../src/policy/attribution/schema.ts';
import {
  attribution,
  type RequestParts,
  request,
  type Values,
} from '../../support/policy-request.ts';

const NOW = 1_700_000_000_000;
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const basic = (credentials: string): Values => [['Authorization', `Basic ${base64(credentials)}`]];

function identify(rules: readonly unknown[], parts: RequestParts) {
  const { identifier, diagnostics } = attribution(rules);
  expect(diagnostics).toEqual([]);
  return identifier.identify(request(parts), NOW);
}

function userOf(rules: readonly unknown[], parts: RequestParts): string | undefined {
  const { user } = identify(rules, parts);
  return user.known ? user.value.id : undefined;
}

describe('attribution by Basic authentication', () => {
  const rules = [{ from: 'basic' }];

  it.each([
    ['alice:secret', 'alice'],
    ['alice:', 'alice'],
    ['alice:a:b', 'alice'],
    ['al ice:x', 'al ice'],
    [':x', undefined],
    ['  :x', undefined],
  ])('reads %j', (credentials, expected) => {
    expect(userOf(rules, { headers: basic(credentials) })).toBe(expected);
  });

  it('finds the scheme in any case and leaves other schemes alone', () => {
    const headers: Values = [['authorization', `BASIC  ${base64('bob:x')}`]];
    expect(userOf(rules, { headers })).toBe('bob');
    const other = identify(rules, { headers: [['Authorization', 'Negotiate abc']] });
    expect(other).toMatchObject({ user: { known: false, why: 'not-in-data' }, evidence: [] });
  });

  it.each(['Basic', 'Basic ', 'Basic %%%', `Basic ${base64('nocolon')}`, 'Basic a'])(
    'keeps %j as evidence and not as a user',
    (value) => {
      const { user, evidence } = identify(rules, { headers: [['Authorization', value]] });
      expect(user.known).toBe(false);
      expect(evidence).toMatchObject([{ kind: 'malformed-credentials' }]);
    },
  );

  it('verifies nobody', () => {
    const { user } = identify(rules, { headers: basic('a:b') });
    expect(user).toMatchObject({ value: { isVerified: false, how: 'basic' } });
  });
});

describe('blanks and repetitions without end', () => {
  it('cost no more than their length', () => {
    const blanks = ' '.repeat(1_000_000);
    const { identifier } = attribution([{ from: 'basic' }, { from: 'cookie', name: 'c' }]);
    const many = Array.from({ length: 100_000 }, (_, at) => ['c', String(at)] as const);
    const parts = request({
      headers: [['Authorization', `Basic${blanks}x y`]],
      cookies: many,
    });
    expect(identifier.identify(parts, NOW).evidence).toMatchObject([
      { kind: 'malformed-credentials' },
      { kind: 'ambiguous-value' },
    ]);
  });
});

describe('attribution by a value', () => {
  it.each([
    ['header', { headers: [['x-USER', 'alice']] }, 'X-User', 'alice'],
    ['cookie', { cookies: [['user', 'alice']] }, 'user', 'alice'],
    ['cookie', { cookies: [['USER', 'alice']] }, 'user', undefined],
    ['query', { query: [['user', 'alice']] }, 'user', 'alice'],
    ['query', { form: [['user', 'alice']] }, 'user', undefined],
    ['body', { form: [['user', 'alice']] }, 'user', 'alice'],
    ['body', { json: [['json.user.id', '7']] }, 'user.id', '7'],
    ['body', { json: [['json.user.id', '7']] }, 'json.user.id', '7'],
    ['body', { query: [['user', 'alice']] }, 'user', undefined],
    ['body', { query: [['json.user', 'admin']] }, 'user', undefined],
    ['header', { headers: [['X-User', '']] }, 'X-User', undefined],
  ] as const)('from %s: %j, %s', (from, parts, name, expected) => {
    expect(userOf([{ from, name }], parts)).toBe(expected);
  });

  it('does not choose between two values that differ', () => {
    const headers: Values = [
      ['X-User', 'alice'],
      ['X-User', 'bob'],
    ];
    const { user, evidence } = identify([{ from: 'header', name: 'X-User' }], { headers });
    expect(user.known).toBe(false);
    expect(evidence).toMatchObject([{ kind: 'ambiguous-value', rule: 'attribution 1 (header)' }]);
    const same: Values = [
      ['X-User', 'alice'],
      ['x-user', 'alice'],
    ];
    expect(userOf([{ from: 'header', name: 'X-User' }], { headers: same })).toBe('alice');
  });

  it('takes no user of more than 512 bytes', () => {
    const rules = [{ from: 'header', name: 'X-User' }];
    expect(userOf(rules, { headers: [['X-User', 'a'.repeat(512)]] })).toHaveLength(512);
    const long = identify(rules, { headers: [['X-User', 'a'.repeat(513)]] });
    expect(long.user.known).toBe(false);
    expect(long.evidence).toMatchObject([{ kind: 'overlong-user' }]);
  });

  it.each([
    [[{ regex: '^user-(\\d+)$' }], 'user-42', '42'],
    [[{ regex: '^user-(\\d+)$' }], 'admin', undefined],
    [[{ regex: '\\d+' }], 'a42b', '42'],
    [[{ regex: '(?:(a)|(b))x' }], 'bx', 'b'],
    [['base64'], 'YWxpY2U=', 'alice'],
    [['base64'], 'YWxpY2U', 'alice'],
    [['base64'], '_-8', '\xff\xef'],
    [['base64'], 'YWxp!Y2U', undefined],
    [['base64', { jsonpath: '$.user.id' }], base64('{"user":{"id":"alice"}}'), 'alice'],
    [[{ jsonpath: '$.id' }], '{"id": 42}', '42'],
    [[{ jsonpath: '$.id' }], '{"id": 12345678901234567890}', undefined],
    [[{ jsonpath: '$.id' }], '{"id": {"a": 1}}', undefined],
    [[{ jsonpath: '$.id' }], '{"id": ', undefined],
    [[{ jsonpath: '$.id' }], '{"id": "\\u00e9"}', '\xc3\xa9'],
    [['percentDecode', 'trim', 'lowercase'], '%20ALICE%20', 'alice'],
    [['percentDecode'], '%zz%4', '%zz%4'],
  ])('does %j to %j', (steps, value, expected) => {
    const rules = [{ from: 'header', name: 'X-User', steps }];
    expect(userOf(rules, { headers: [['X-User', value]] })).toBe(expected);
  });

  it('marks a user as verified where the policy vouches for the value', () => {
    const rules = [{ from: 'header', name: 'X-User', trusted: true }];
    const { user } = identify(rules, { headers: [['X-User', 'alice']] });
    expect(user).toMatchObject({ value: { isVerified: true } });
  });

  it('reports a pattern with a mistake, and then finds nobody by it', () => {
    const rules = [{ from: 'header', name: 'X-User', steps: ['trim', { regex: '(' }] }];
    const { identifier, diagnostics } = attribution(rules);
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'invalid-regex' }]);
    const parts = request({ headers: [['X-User', 'alice']] });
    expect(identifier.identify(parts, NOW).user.known).toBe(false);
  });
});

describe('attribution by several rules', () => {
  const rules = [
    { from: 'basic' },
    { from: 'header', name: 'X-User' },
    { from: 'query', name: 'u' },
  ];

  it('takes the first that finds a user', () => {
    const parts: RequestParts = {
      headers: [...basic('a:x'), ['X-User', 'b']],
      query: [['u', 'c']],
    };
    expect(userOf(rules, parts)).toBe('a');
    expect(userOf(rules, { ...parts, headers: [['X-User', 'b']] })).toBe('b');
    expect(userOf(rules, { query: [['u', 'c']] })).toBe('c');
  });

  it('goes on behind a rule that was lied to, and keeps the lie', () => {
    const headers: Values = [
      ['Authorization', 'Basic !!!'],
      ['X-User', 'b'],
    ];
    const { user, evidence } = identify(rules, { headers });
    expect(user).toMatchObject({ value: { id: 'b' }, from: 'attribution 2 (header)' });
    expect(evidence).toMatchObject([{ rule: 'attribution 1 (basic)' }]);
  });

  it('says why there is no user', () => {
    expect(identify([], {}).user).toMatchObject({ why: 'not-configured' });
    expect(identify(rules, {}).user).toMatchObject({ why: 'not-in-data' });
  });

  it('says whether it has to wait for the body', () => {
    expect(attribution(rules).identifier.readsBody).toBe(false);
    expect(attribution([{ from: 'body', name: 'u' }]).identifier.readsBody).toBe(true);
  });
});

describe('the email address of a user', () => {
  const emailOf = (rule: object, id: string) => {
    const rules = [{ from: 'header', name: 'X-User', ...rule }];
    const { email } = identify(rules, { headers: [['X-User', id]] });
    return email.known ? email.value : email.why;
  };

  it('is the user when it looks like one', () => {
    expect(emailOf({}, 'Alice@Example.com')).toEqual({
      address: 'alice@example.com',
      domain: 'example.com',
    });
    expect(emailOf({}, 'alice')).toBe('not-in-data');
  });

  it('is not looked for where the policy says so', () => {
    expect(emailOf({ email: false }, 'alice@example.com')).toBe('not-in-data');
  });
});

describe('the schema of attribution', () => {
  it.each([
    [{ from: 'basic', realm: 'x' }],
    [{ from: 'mind' }],
    [{ from: 'header' }],
    [{ from: 'header', name: 'X', steps: ['rot13'] }],
    [{ from: 'header', name: 'X', steps: [{ jsonpath: '$..a' }] }],
    [{ from: 'jwt', in: { header: 'A', cookie: 'b' } }],
    [{ from: 'jwt', algorithms: ['none'] }],
    [{ from: 'jwt', key: { secretEnv: 'S' }, algorithms: ['RS256'] }],
    [{ from: 'jwt', key: { publicKeyFile: 'k.pem' }, algorithms: ['HS256'] }],
    [{ from: 'jwt', key: { secretEnv: 'S', publicKeyFile: 'k.pem' } }],
    [{ from: 'jwt', claim: '$' }],
  ])('refuses %j', (rule) => {
    expect(attributionRule.safeParse(rule).success).toBe(false);
  });
});

describe('arbitrary requests', () => {
  it('never make attribution throw', () => {
    const { identifier } = attribution([
      { from: 'basic' },
      { from: 'jwt' },
      { from: 'cookie', name: 'c', steps: ['base64', { jsonpath: 'a' }] },
      { from: 'query', name: 'q', steps: ['percentDecode', { regex: '(a+)+$' }] },
      { from: 'body', name: 'b' },
    ]);
    const bytes = fc
      .array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
      .map((codes) => String.fromCharCode(...codes));
    const value = fc.oneof(
      bytes,
      fc.json().map((text) => base64(utf8ByteString(text))),
      fc.json().map((text) => `Bearer ${base64(utf8ByteString(text)).replace(/=+$/, '')}.e30.`),
      bytes.map((text) => `Basic ${text}`),
    );
    fc.assert(
      fc.property(value, value, value, (authorization, other, third) => {
        const parts = request({
          headers: [['Authorization', authorization]],
          cookies: [['c', other]],
          query: [['q', third]],
          form: [['b', other]],
        });
        const { user } = identifier.identify(parts, NOW);
        if (user.known) expect(user.value.id.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
