// The examples that users know from the products we learnt from, as they are written there.

import { describe, expect, it } from 'vitest';
import { policyUnderTest } from './support.ts';

const MINUTE = 60_000;

describe('50 requests in 5 minutes for each user', () => {
  const limit = {
    rateLimits: [{ name: 'fifty', action: 'block', conditions: { moreThan: 50, in: '5m' } }],
  };

  it('blocks the 51st and leaves other users alone', () => {
    const { ask } = policyUnderTest(limit);
    for (let count = 1; count <= 50; count++) {
      expect(ask({ user: 'ann', at: count * 1000 }).effect).toBe('allow');
    }
    expect(ask({ user: 'ann', at: 51_000 })).toMatchObject({ row: 'threshold-block', status: 429 });
    expect(ask({ user: 'bob', at: 52_000 }).effect).toBe('allow');
  });

  it('counts a request until exactly five minutes have passed', () => {
    const { ask } = policyUnderTest(limit);
    for (let count = 1; count <= 50; count++) ask({ user: 'ann', at: 0 });
    expect(ask({ user: 'ann', at: 5 * MINUTE }).effect).toBe('allow');
    const second = policyUnderTest(limit);
    for (let count = 1; count <= 50; count++) second.ask({ user: 'ann', at: 0 });
    expect(second.ask({ user: 'ann', at: 5 * MINUTE - 1 }).effect).toBe('block');
  });
});

describe('100 requests in 1 minute across users', () => {
  it('blocks the 101st, whoever sends it', () => {
    const { ask } = policyUnderTest({
      rateLimits: [
        {
          name: 'hundred',
          action: 'block',
          conditions: { moreThan: 100, in: '1m' },
          scope: { users: 'all' },
        },
      ],
    });
    for (let count = 0; count < 100; count++) {
      expect(ask({ user: `user ${count % 5}`, at: count * 100 }).effect).toBe('allow');
    }
    expect(ask({ user: 'user 0', at: 10_000 }).row).toBe('threshold-block');
    expect(ask({ user: 'somebody else', at: 10_100 }).row).toBe('threshold-block');
  });
});

describe('20 % over a baseline of 100 in 5 minutes', () => {
  it('blocks the 121st request, and says that it is learning before', () => {
    const { ask } = policyUnderTest({
      rateLimits: [
        {
          name: 'unusual',
          action: 'block',
          conditions: { percentAbove: 20, in: '5m', baseline: '1d' },
        },
      ],
    });
    expect(ask({ user: 'ann' }).reason('threshold-block')).toMatch(/learning/);
    for (let window = 0; window < 24; window++) {
      for (let count = window === 0 ? 1 : 0; count < 100; count++) {
        expect(ask({ user: 'ann', at: window * 5 * MINUTE + count * 1000 }).effect).toBe('allow');
      }
    }
    // The window slides, so what is counted now begins behind the last of what was learnt.
    const start = 25 * 5 * MINUTE;
    for (let count = 1; count <= 120; count++) {
      expect(ask({ user: 'ann', at: start + count }).effect).toBe('allow');
    }
    expect(ask({ user: 'ann', at: start + 121 }).row).toBe('threshold-block');
  });
});

describe('10 different values in 5 minutes', () => {
  it('blocks the 11th value and none that was seen before', () => {
    const { ask } = policyUnderTest({
      endpoints: [{ method: 'GET', path: '/users/{id}' }],
      enumeration: [
        { name: 'ids', of: 'path', action: 'block', conditions: { moreThan: 10, in: '5m' } },
      ],
    });
    for (let round = 0; round < 3; round++) {
      for (let id = 1; id <= 10; id++) {
        expect(ask({ user: 'ann', uri: `/users/${id}`, at: round * 1000 + id }).effect).toBe(
          'allow',
        );
      }
    }
    const refused = { row: 'threshold-block', rule: 'ids', status: 403 };
    expect(ask({ user: 'ann', uri: '/users/11', at: 4000 })).toMatchObject(refused);
    // Only rate limits say "too many requests", later on as well.
    expect(ask({ user: 'ann', uri: '/users/1', at: 5000 })).toMatchObject(refused);
  });
});

describe('a range of addresses', () => {
  const { ask } = policyUnderTest({
    internalAddresses: { blockSources: true },
    sources: [{ name: 'range', action: 'block', addresses: '192.168.1.0/24' }],
  });

  it.each([
    ['192.168.1.0', 'block'],
    ['192.168.1.255', 'block'],
    ['::ffff:192.168.1.7', 'block'],
    ['192.168.2.0', 'allow'],
    ['192.168.0.255', 'allow'],
  ])('holds %s: %s', (address, effect) => {
    expect(ask({ address }).effect).toBe(effect);
  });

  it('does not block internal addresses unless the policy says so', () => {
    const byDefault = policyUnderTest({
      sources: [{ name: 'range', action: 'block', addresses: '192.168.1.0/24' }],
    });
    const answer = byDefault.ask({ address: '192.168.1.7' });
    expect(answer.effect).toBe('allow');
    expect(answer.reason('ip-block')).toMatch(/internal/);
  });
});

describe('regions', () => {
  const files = {
    read: (path: string) =>
      path.endsWith('geo.csv') ? '203.0.113.0/24,FR\n198.51.100.0/24,DE\n' : undefined,
  };
  const intelligence = {
    ranges: [{ file: 'geo.csv', kind: 'region' }],
    disposableDomains: { package: false },
    bots: { package: false },
    scanners: { package: false },
  };

  it('are blocked everywhere', () => {
    const { ask } = policyUnderTest(
      { intelligence, sources: [{ name: 'not there', action: 'block', regions: ['FR'] }] },
      { files },
    );
    expect(ask({ address: '203.0.113.1', uri: '/any' }).row).toBe('region-block');
    expect(ask({ address: '198.51.100.1' }).effect).toBe('allow');
  });

  it('are blocked all except some, and what is not known is not blocked', () => {
    const { ask } = policyUnderTest(
      { intelligence, sources: [{ name: 'home', action: 'blockAllExcept', regions: ['DE'] }] },
      { files },
    );
    expect(ask({ address: '203.0.113.1' }).row).toBe('region-block-all-except');
    expect(ask({ address: '198.51.100.1' }).effect).toBe('allow');
    const unknown = ask({ address: '192.0.2.1' });
    expect(unknown.effect).toBe('allow');
    expect(unknown.reason('region-block-all-except')).toMatch(/unknown/);
  });
});

const ATTACK = 'SecRule ARGS "@contains attack" "id:1,phase:2,deny"';

describe('"block all except" addresses', () => {
  it('lets only those addresses in', () => {
    const { ask } = policyUnderTest({
      sources: [{ name: 'partners', action: 'blockAllExcept', addresses: ['198.51.100.0/24'] }],
    });
    expect(ask({ address: '198.51.100.9' }).effect).toBe('allow');
    expect(ask({ address: '203.0.113.1' }).row).toBe('ip-block-all-except');
  });
});

describe('a custom signature that allows', () => {
  it('wins over the rule engine, for what it matches only', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [
          {
            name: 'editor',
            action: 'allow',
            payload: { part: 'request.path', operator: 'startsWith', value: '/editor' },
          },
        ],
      },
      { rules: ATTACK },
    );
    expect(ask({ uri: '/editor?q=attack' })).toMatchObject({ effect: 'allow', rule: 'editor' });
    expect(ask({ uri: '/other?q=attack' }).row).toBe('signature-block');
  });
});

describe('an allowed range of addresses', () => {
  const allowing = (covers?: string): object => ({
    sources: [
      { name: 'office', action: 'allow', addresses: '203.0.113.0/24', ...(covers && { covers }) },
      { name: 'all of it', action: 'block', addresses: '203.0.0.0/16' },
    ],
    rateLimits: [{ name: 'none', action: 'block', conditions: { moreThan: 0, in: '5m' } }],
  });

  it('still meets the rule engine', () => {
    const { ask } = policyUnderTest(allowing(), { rules: ATTACK });
    const answer = ask();
    expect(answer.effect).toBe('allow');
    expect(answer.reason('ip-block')).toMatch(/office/);
    expect(answer.events).toEqual([]);
    expect(ask({ uri: '/?q=attack' }).row).toBe('signature-block');
  });

  it('does not with "covers: everything"', () => {
    const { ask } = policyUnderTest(allowing('everything'), { rules: ATTACK });
    expect(ask({ uri: '/?q=attack' })).toMatchObject({ row: 'ip-allow', effect: 'allow' });
  });
});
