import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import { policyUnderTest, START } from './support.ts';

const MINUTE = 60_000;
const json = (text: string) => ({
  status: 200,
  headers: [['Content-Type', 'application/json']] as const,
  body: text,
});
const CARD = '4111 1111 1111 1111';

describe('custom signatures', () => {
  it('hold when all their criteria do', () => {
    const { ask } = policyUnderTest({
      signatures: [
        {
          name: 'export by a robot',
          action: 'block',
          source: { userAgent: '(?i)curl', address: { any: '198.51.100.0/24', exclude: true } },
          payload: [
            { part: 'request.method', operator: 'in', value: ['GET', 'POST'] },
            { part: 'request.queryParameter', name: 'format', operator: 'equals', value: 'csv' },
          ],
          target: { urls: '/export' },
        },
      ],
    });
    const agent = [['User-Agent', 'Curl/8']] as const;
    const uri = '/export?format=csv';
    expect(ask({ uri, headers: agent }).row).toBe('custom-signature-block');
    expect(ask({ uri }).effect).toBe('allow');
    expect(ask({ uri: '/export?format=pdf', headers: agent }).effect).toBe('allow');
    expect(ask({ uri: '/other?format=csv', headers: agent }).effect).toBe('allow');
    expect(ask({ uri, headers: agent, address: '198.51.100.3' }).effect).toBe('allow');
  });

  it('read bodies, and the response', () => {
    const { ask } = policyUnderTest({
      signatures: [
        {
          name: 'price',
          action: 'block',
          payload: {
            part: 'request.bodyParameter',
            name: 'json.price',
            operator: 'less',
            value: 1,
          },
        },
        {
          name: 'trace',
          action: 'block',
          payload: { part: 'response.body', operator: 'contains', value: 'Traceback' },
        },
      ],
    });
    const headers = [['Content-Type', 'application/json']] as const;
    expect(ask({ method: 'POST', headers, body: '{"price":0.5}' }).rule).toBe('price');
    expect(ask({ method: 'POST', headers, body: '{"price":5}' }).effect).toBe('allow');
    expect(ask({ response: json('{"e":"Traceback"}') }).rule).toBe('trace');
  });

  it('run a Sec Rule that the loaded rules know nothing of', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [
          {
            name: 'sleep',
            action: 'block',
            secRule: `SecRule ARGS "@contains sleep(" "id:50,phase:2,deny,t:none,t:lowercase,logdata:'x'"`,
          },
        ],
      },
      { rules: 'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveById=50"' },
    );
    const headers = [['Content-Type', 'application/json']] as const;
    expect(ask({ method: 'POST', headers, body: '{"a":{"b":"SLEEP(9)"}}' })).toMatchObject({
      row: 'custom-signature-block',
      rule: 'sleep',
    });
    expect(ask({ uri: '/?q=slee(9)' }).effect).toBe('allow');
  });

  it('block a user for a while, with the address in use', () => {
    const { ask } = policyUnderTest({
      signatures: [
        {
          name: 'trap',
          action: 'block',
          for: '10m',
          payload: { part: 'request.path', operator: 'equals', value: '/trap' },
        },
      ],
    });
    expect(ask({ user: 'ann', uri: '/trap' }).row).toBe('custom-signature-block');
    expect(ask({ user: 'ann', at: MINUTE }).reason('actor-block')).toMatch(/trap/);
    expect(ask({ user: 'ann', at: MINUTE }).row).toBe('actor-block');
    expect(ask({ user: 'ann', address: '198.51.100.9', at: MINUTE }).row).toBe('actor-block');
    expect(ask({ address: '203.0.113.7', at: MINUTE }).row).toBe('actor-block');
    expect(ask({ user: 'ann', at: 11 * MINUTE }).effect).toBe('allow');
  });

  it('allow a user for a while', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [
          {
            name: 'support',
            action: 'allow',
            for: '1h',
            payload: { part: 'request.path', operator: 'equals', value: '/support' },
          },
        ],
      },
      { rules: 'SecRule ARGS "@contains attack" "id:1,phase:2,deny"' },
    );
    expect(ask({ user: 'ann', uri: '/?q=attack' }).row).toBe('signature-block');
    ask({ user: 'ann', uri: '/support' });
    expect(ask({ user: 'ann', uri: '/?q=attack', at: MINUTE }).row).toBe('actor-allow');
    expect(ask({ user: 'ann', uri: '/?q=attack', at: 61 * MINUTE }).row).toBe('signature-block');
  });

  it('watch, test and add fields without deciding', () => {
    const add = (name: string) => ({ request: [{ name, value: '1' }] });
    const payload = { part: 'request.path', operator: 'equals', value: '/' };
    const { ask } = policyUnderTest({
      signatures: [
        { name: 'a', action: 'monitor', severity: 'high', payload, inject: add('X-A') },
        { name: 'b', action: 'testing', payload, inject: add('X-B') },
      ],
    });
    const answer = ask();
    expect(answer.row).toBe('fallback');
    expect(answer.decision.inject?.request).toEqual([
      ['X-A', '1'],
      ['X-B', '1'],
    ]);
    expect(answer.events).toMatchObject([
      { rule: 'a', status: 'active', severity: 'high', row: undefined, effect: 'allow' },
      { rule: 'b', status: 'testing', severity: 'low', row: undefined },
    ]);
  });

  it('are left to the point that they are for', () => {
    const document = {
      signatures: [
        {
          name: 'at the edge',
          action: 'block',
          at: 'edge',
          payload: { part: 'request.path', operator: 'equals', value: '/' },
        },
      ],
    };
    expect(policyUnderTest(document).ask().effect).toBe('allow');
    expect(policyUnderTest(document, { point: 'edge' }).ask().effect).toBe('block');
  });
});

describe('rules', () => {
  const rule = { name: 'r', action: 'block', addresses: '203.0.113.7' };

  it('apply in their environment only', () => {
    const document = { sources: [{ ...rule, environment: ['production', 'staging'] }] };
    expect(policyUnderTest(document).ask().effect).toBe('allow');
    expect(policyUnderTest(document, { name: 'test' }).ask().effect).toBe('allow');
    expect(policyUnderTest(document, { name: 'staging' }).ask().effect).toBe('block');
  });

  it('do nothing while they are switched off', () => {
    expect(policyUnderTest({ sources: [{ ...rule, enabled: false }] }).ask().effect).toBe('allow');
  });

  it('end when they expire, by the time of the exchange', () => {
    const expires = new Date(START + MINUTE).toISOString();
    const { ask } = policyUnderTest({ sources: [{ ...rule, expires }] });
    expect(ask({ at: MINUTE - 1 }).effect).toBe('block');
    expect(ask({ at: MINUTE }).effect).toBe('allow');
  });
});

describe('data loss prevention', () => {
  it('blocks a response, and lets it go to whom a rule allows it', () => {
    const { ask } = policyUnderTest({
      dataLossPrevention: [
        { name: 'no cards', kind: 'request', action: 'block', data: 'payment-card' },
        {
          name: 'for accounting',
          kind: 'request',
          action: 'allow',
          data: 'payment-card',
          source: { userId: 'accountant' },
        },
      ],
    });
    const response = json(`{"card":"${CARD}"}`);
    expect(ask({ user: 'ann', response })).toMatchObject({
      row: 'threshold-block',
      rule: 'no cards',
    });
    expect(ask({ user: 'accountant', response }).effect).toBe('allow');
    expect(ask({ user: 'ann', response: json('{"card":"none"}') }).effect).toBe('allow');
  });

  it('never tells the value', () => {
    const { ask } = policyUnderTest({
      dataLossPrevention: [
        { name: 'cards', kind: 'request', action: 'monitor', data: 'payment', in: 'both' },
      ],
    });
    const answer = ask({ uri: `/?c=${CARD.replaceAll(' ', '')}`, response: json(`["${CARD}"]`) });
    expect(answer.events.map(({ evidence }) => evidence)).toEqual([
      '1 of payment-card in the request',
      '1 of payment-card in the response',
    ]);
  });

  it('replaces values and lets the rest of the response be', () => {
    const { ask } = policyUnderTest({
      dataLossPrevention: [
        { name: 'mask', kind: 'request', action: 'redact', data: 'payment-card' },
      ],
    });
    const answer = ask({ response: json(`{"card":"${CARD}","n":1}`) });
    expect(answer.effect).toBe('allow');
    expect(answer.events).toMatchObject([{ rule: 'mask', action: 'redact' }]);
  });

  it('counts what a user has seen', () => {
    const { ask } = policyUnderTest({
      dataLossPrevention: [
        {
          name: 'harvest',
          kind: 'user',
          action: 'block',
          data: 'email',
          count: 'distinct',
          conditions: { moreThan: 2, in: '1h' },
        },
      ],
    });
    const seen = (mail: string) => ask({ user: 'ann', response: json(`{"m":"${mail}"}`) }).effect;
    expect(seen('a@shop.test')).toBe('allow');
    expect(seen('b@shop.test')).toBe('allow');
    expect(seen('a@shop.test')).toBe('allow');
    expect(seen('c@shop.test')).toBe('block');
  });

  it('knows data types of the document', () => {
    const { ask } = policyUnderTest({
      dataTypes: [{ name: 'member-number', pattern: '\\bM-[0-9]{6}\\b' }],
      dataSets: [{ name: 'ours', types: ['member-number'] }],
      dataLossPrevention: [{ name: 'members', kind: 'request', action: 'block', data: 'ours' }],
    });
    expect(ask({ response: json('{"m":"M-123456"}') }).rule).toBe('members');
  });
});

describe('attribution', () => {
  it('tells of a forged claim and does not believe it', () => {
    const { ask } = policyUnderTest(
      {
        attribution: [{ from: 'jwt', key: { secretEnv: 'SECRET' } }],
        allow: { actors: ['root'] },
      },
      { environment: { SECRET: 'x'.repeat(32) } },
    );
    const token = [{ alg: 'none' }, { sub: 'root' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const answer = ask({ headers: [['Authorization', `Bearer ${token.join('.')}.`]] });
    expect(answer.row).toBe('fallback');
    expect(answer.events).toMatchObject([{ kind: 'attribution' }]);
  });
});

describe('a store that fails', () => {
  const broken = {
    mode: 'sync' as const,
    load: () => undefined,
    apply: () => {},
    run: () => {
      throw new Error('no connection');
    },
    close: () => {},
  };
  const limit = (onStoreFailure: string) => ({
    rateLimits: [
      { name: 'one', action: 'block', conditions: { moreThan: 1, in: '1m' }, onStoreFailure },
    ],
  });

  it.each([
    ['allow', ['allow', 'allow', 'allow']],
    ['block', ['block', 'block', 'block']],
    ['local', ['allow', 'block', 'block']],
  ])('does what the rule says: %s', (onStoreFailure, effects) => {
    const { ask } = policyUnderTest(limit(onStoreFailure), { state: broken });
    expect(effects.map(() => ask({ user: 'ann' }).effect)).toEqual(effects);
  });
});

describe('a rule that is removed', () => {
  it('takes its blocks along', () => {
    const state = memoryStore();
    const limit = {
      name: 'one',
      action: 'block',
      for: 'forever',
      conditions: { moreThan: 1, in: '1m' },
    };
    const key = { environment: { KEY: 'k'.repeat(32) }, state };
    const document = { hashKey: { env: 'KEY' } };
    const before = policyUnderTest({ ...document, rateLimits: [limit] }, key);
    before.ask({ user: 'ann' });
    expect(before.ask({ user: 'ann' }).effect).toBe('block');
    expect(before.ask({ user: 'ann', at: 3_600_000 }).effect).toBe('block');
    const other = { ...limit, name: 'many', conditions: { moreThan: 1000, in: '1m' } };
    const after = policyUnderTest({ ...document, rateLimits: [other] }, key);
    expect(after.ask({ user: 'ann', at: 3_600_000 }).effect).toBe('allow');
  });
});
