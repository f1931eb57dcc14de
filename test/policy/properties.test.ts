import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { ExchangeOutcome } from '../../src/model/transaction.ts';
import { OPERATORS, PARTS } from '../../src/policy/document/criteria.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy, type Policy } from '../../src/waf/policy.ts';
import { remoteStoreOf } from '../support/remote-store.ts';

const RUNS = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 15) };
const START = Date.UTC(2026, 10, 21);
const CARD = '4111 1111 1111 1111';

const words = fc.constantFrom('a', '', 'x=1', 'A', '\x00', '7', '1e3', ' 5', '/a', CARD, 'ann');
const bytes = fc
  .array(
    fc.oneof(
      words,
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));
const token = bytes.map((text) => text.replace(/[^!-~]|[:,;"()]/g, ''));

const condition = fc
  .record({
    part: fc.constantFrom(...PARTS),
    operator: fc.constantFrom(...OPERATORS),
    value: words,
  })
  .map(({ part, operator, value }) => {
    if (operator === 'exists' || operator === 'notExists') return { part, operator };
    if (operator === 'in' || operator === 'notIn') return { part, operator, value: [value, 'a'] };
    if (operator === 'greater' || operator === 'less') return { part, operator, value: 3 };
    return { part, operator, value: value === '' || value === '\x00' ? 'a' : value };
  });
const inject = fc.constantFrom(undefined, {
  response: [{ name: 'X-Seen', value: '1' }],
});
const named = <T extends object>(rule: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'é'), rule), {
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((rules) => rules.map(([name, more]) => ({ name, ...more })));
const signatures = named(
  fc
    .record({
      payload: fc.array(condition, { minLength: 1, maxLength: 2 }),
      action: fc.constantFrom('block', 'allow', 'monitor', 'testing'),
      inject,
    })
    .map(({ inject: added, ...rule }) =>
      rule.action === 'block' ? rule : { ...rule, inject: added },
    ),
);
const sources = named(
  fc.oneof(
    fc.record({
      addresses: fc.constantFrom('203.0.113.7', '10.0.0.0/8', '2001:db8::/32'),
      action: fc.constantFrom('block', 'allow', 'monitor'),
    }),
    fc.record({
      emails: fc.constant({ domains: ['shop.test'] }),
      action: fc.constantFrom('block', 'monitor'),
    }),
  ),
);
const scope = fc.record({
  users: fc.constantFrom('each', 'all'),
  endpoints: fc.constantFrom('each', 'all'),
});
const counted = {
  conditions: fc.record({ moreThan: fc.integer({ min: 0, max: 3 }), in: fc.constant('1m') }),
  action: fc.constantFrom('block', 'monitor', 'testing'),
  scope,
};
const document = fc.record({
  signatures,
  sources,
  rateLimits: named(fc.record(counted)),
  enumeration: named(
    fc.record({ ...counted, of: fc.constantFrom('query', 'body', 'path', 'sensitive') }),
  ),
  dataLossPrevention: named(
    fc.record({
      kind: fc.constant('request'),
      data: fc.constantFrom('payment-card', 'email'),
      in: fc.constantFrom('request', 'response', 'both'),
      action: fc.constantFrom('block', 'monitor', 'allow', 'testing'),
    }),
  ),
});

const headers = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom('Host', 'X-User', 'x-user', 'Cookie', 'Content-Type', 'Content-Length'),
      token.filter((name) => name !== ''),
    ),
    fc.oneof(
      bytes,
      fc.constantFrom('application/json', 'text/xml', 'multipart/form-data; boundary=B'),
    ),
  ),
  { maxLength: 4 },
);
const exchange: fc.Arbitrary<Omit<ExchangeRecord, 'id'>> = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD'), token),
  uri: fc.oneof(
    bytes.map((text) => `/${text}`),
    bytes,
  ),
  version: fc.constantFrom('HTTP/1.1', ''),
  headers,
  line: fc.constant(undefined),
  body: fc.option(bytes, { nil: undefined }),
  client: fc.record({
    address: fc.constantFrom('203.0.113.7', '10.0.0.9', '::ffff:203.0.113.7', '', 'fe80::1%eth0'),
    port: fc.constant(1),
  }),
  timeMs: fc.integer({ min: 0, max: 90_000 }).map((at) => START + at),
  response: fc.record({
    status: fc.constantFrom(200, 204, 206, 304, 404),
    headers,
    body: fc.oneof(bytes, fc.constant(`card ${CARD} `)),
  }),
});
const exchanges = fc.array(exchange, { minLength: 1, maxLength: 5 });

type Document = Readonly<Record<string, readonly unknown[]>>;

function policyOf(rules: object): Policy {
  const policy = {
    attribution: [{ from: 'header', name: 'X-User', trusted: true, email: true }],
    endpoints: [{ name: 'a', path: '/a/{id}' }],
    actors: { score: { blockAbove: 20 } },
    ...rules,
  };
  return definePolicy(policy, { processKey: new Uint8Array(32) });
}

const shown = ({ decision, events }: ExchangeOutcome): unknown => ({
  ...JSON.parse(JSON.stringify(decision)),
  events,
});
const withIds = (records: readonly Omit<ExchangeRecord, 'id'>[]): readonly ExchangeRecord[] =>
  records.map((record, at) => ({ id: String(at), ...record }));

function answers(policy: Policy, records: readonly ExchangeRecord[]): readonly unknown[] {
  const waf = createWaf({ rules: 'SecRuleEngine On\nSecRequestBodyAccess On', policy });
  return records.map((record) => shown(waf.inspect(record)));
}

describe('a policy', () => {
  it('gives the same decisions and events in whatever order its rules stand', () => {
    fc.assert(
      fc.property(document, exchanges, (rules, sent) => {
        const turned = Object.fromEntries(
          Object.entries(rules as Document)
            .reverse()
            .map(([section, list]) => [section, [...list].reverse()]),
        );
        const records = withIds(sent);
        expect(answers(policyOf(turned), records)).toEqual(answers(policyOf(rules), records));
      }),
      RUNS,
    );
  });

  it('gives the same decisions with a store of this process and one elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(document, exchanges, async (rules, sent) => {
        const records = withIds(sent);
        // A policy keeps what it has yet to write, so each waf has its own.
        const waf = createWaf({
          rules: 'SecRuleEngine On\nSecRequestBodyAccess On',
          policy: policyOf(rules),
          state: remoteStoreOf(memoryStore()),
        });
        const remote: unknown[] = [];
        for (const record of records) remote.push(shown(await waf.inspect(record)));
        expect(remote).toEqual(answers(policyOf(rules), records));
      }),
      RUNS,
    );
  });

  it('tells no value of a request in traces and events', () => {
    const secret = 'sesame-9f3c-opensesame';
    const everywhere: Omit<ExchangeRecord, 'id'> = {
      method: 'POST',
      uri: `/reset/${secret}?q=${secret}`,
      version: 'HTTP/1.1',
      headers: [
        ['Host', 'shop.test'],
        ['X-User', secret],
        ['Cookie', `c=${secret}`],
        ['User-Agent', secret],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      line: undefined,
      body: `p=${secret}`,
      client: { address: '203.0.113.7', port: 1 },
      timeMs: START,
      response: { status: 200, headers: [['X-Answer', secret]], body: `${secret} ${CARD} ` },
    };
    fc.assert(
      fc.property(document, (rules) => {
        const told = JSON.stringify(answers(policyOf(rules), withIds([everywhere, everywhere])));
        expect(told).not.toContain(secret);
        expect(told).not.toContain('4111');
      }),
      RUNS,
    );
  });
});
