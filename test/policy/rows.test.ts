import { describe, expect, it } from 'vitest';
import { policyUnderTest } from './support.ts';

const path = (value: string) => ({ part: 'request.path', operator: 'startsWith', value });
const query = (value: string) => ({ part: 'request.query', operator: 'contains', value });
const body = (value: string) => ({ part: 'request.body', operator: 'contains', value });
const FORM = [['Content-Type', 'application/x-www-form-urlencoded']] as const;

describe('allow rows', () => {
  it('win over an engine error', () => {
    const { ask } = policyUnderTest(
      { signatures: [{ name: 'ok', action: 'allow', payload: path('/ok') }] },
      { rules: 'SecRequestBodyNoFilesLimit 10' },
    );
    const long = { method: 'POST', headers: FORM, body: 'a=1234567890123' };
    expect(ask({ ...long, uri: '/ok' }).row).toBe('custom-signature-allow');
    expect(ask({ ...long, uri: '/no' }).row).toBe('engine-error');
  });

  it('win over a block of a later stage, and of the rules in any phase', () => {
    const { ask } = policyUnderTest(
      {
        signatures: [
          { name: 'ok', action: 'allow', payload: path('/ok') },
          { name: 'no', action: 'block', payload: body('attack') },
        ],
      },
      { rules: 'SecRule REQUEST_URI "@contains evil" "id:1,phase:1,deny"' },
    );
    const attack = { method: 'POST', headers: FORM, body: 'q=attack' };
    expect(ask({ ...attack, uri: '/ok?evil' }).row).toBe('custom-signature-allow');
    expect(ask({ ...attack, uri: '/x' }).row).toBe('custom-signature-block');
    expect(ask({ uri: '/x?evil' }).row).toBe('signature-block');
  });

  it('of later stages come too late for a block at the head', () => {
    const { ask } = policyUnderTest({
      signatures: [
        { name: 'no', action: 'block', payload: path('/') },
        { name: 'ok', action: 'allow', payload: body('please') },
      ],
    });
    const asked = { method: 'POST', headers: FORM, body: 'q=please' };
    expect(ask(asked).row).toBe('custom-signature-block');
  });
});

describe('DetectionOnly', () => {
  it('is for rules: the policy blocks', () => {
    const { ask } = policyUnderTest(
      { signatures: [{ name: 'no', action: 'block', payload: path('/no') }] },
      { rules: 'SecRuleEngine DetectionOnly\nSecAction "id:1,phase:1,deny"' },
    );
    expect(ask({ uri: '/no' }).effect).toBe('block');
    expect(ask({ uri: '/yes' }).effect).toBe('allow');
  });
});

describe('a threshold', () => {
  const limit = { name: 'l', action: 'block', conditions: { moreThan: 3, in: '1m' } };
  it('counts a request once, whatever else becomes of it', () => {
    const { ask } = policyUnderTest(
      {
        rateLimits: [limit],
        allow: { addresses: ['203.0.113.99'] },
        signatures: [{ name: 'no', action: 'block', payload: path('/no') }],
      },
      { rules: 'SecRule REQUEST_URI "@contains evil" "id:1,phase:1,deny"' },
    );
    const response = { status: 200, headers: [['Content-Type', 'text/plain']] as const, body: 'x' };
    const full = { user: 'ann', method: 'POST', headers: FORM, body: 'a=1', response };
    expect(ask({ ...full, uri: '/no' }).row).toBe('custom-signature-block');
    expect(ask({ ...full, uri: '/?evil' }).row).toBe('signature-block');
    expect(ask({ ...full, address: '203.0.113.99' }).row).toBe('ip-allow');
    expect(ask(full).row).toBe('threshold-block');
    expect(ask({ ...full, user: 'bob' }).effect).toBe('allow');
  });

  it('across users blocks who comes, and nobody where it does not apply', () => {
    const all = { ...limit, scope: { users: 'all' }, payload: path('/hot') };
    const { ask } = policyUnderTest({ rateLimits: [all] });
    for (const user of ['a', 'b', 'c']) expect(ask({ user, uri: '/hot' }).effect).toBe('allow');
    expect(ask({ user: 'd', uri: '/hot' })).toMatchObject({ row: 'threshold-block', status: 429 });
    expect(ask({ user: 'd', uri: '/cold' }).effect).toBe('allow');
  });

  it('by user blocks everywhere, for as long as it says', () => {
    const each = { ...limit, for: '10m', payload: path('/hot') };
    const { ask } = policyUnderTest({ rateLimits: [each] });
    for (let at = 0; at < 4; at++) ask({ user: 'a', uri: '/hot' });
    expect(ask({ user: 'a', uri: '/cold' }).row).toBe('threshold-block');
    expect(ask({ user: 'a', uri: '/cold', at: 599_999 }).row).toBe('threshold-block');
    expect(ask({ user: 'a', uri: '/cold', at: 600_000 }).effect).toBe('allow');
  });

  it('does not count, alert or block a source that is allowed', () => {
    const { ask } = policyUnderTest({
      rateLimits: [{ ...limit, conditions: { moreThan: 0, in: '1m' } }],
      sources: [{ name: 'us', action: 'allow', addresses: '203.0.113.0/24' }],
      signatures: [{ name: 'no', action: 'block', payload: query('evil') }],
    });
    const { effect, events } = ask();
    expect({ effect, events }).toEqual({ effect: 'allow', events: [] });
    expect(ask({ uri: '/?evil' }).row).toBe('custom-signature-block');
    expect(ask({ address: '198.51.100.1' }).row).toBe('threshold-block');
  });
});

describe('a user known from the body', () => {
  const attribution = [{ from: 'body', name: 'login', trusted: true }];
  const login = (user: string) => ({ method: 'POST', headers: FORM, body: `login=${user}` });

  it('is asked for by rules of every stage', () => {
    const { ask } = policyUnderTest({
      attribution,
      block: { actors: ['eve'] },
      rateLimits: [{ name: 'l', action: 'block', conditions: { moreThan: 1, in: '1m' } }],
      signatures: [
        { name: 's', action: 'block', source: { userId: 'mallory' }, payload: path('/') },
      ],
    });
    expect(ask({ ...login('eve'), address: '203.0.113.8' }).row).toBe('actor-block');
    expect(ask(login('mallory')).row).toBe('custom-signature-block');
    expect(ask(login('ann')).effect).toBe('allow');
    expect(ask(login('ann')).row).toBe('threshold-block');
    expect(ask(login('bob')).effect).toBe('allow');
  });

  it('is found where the rules read no bodies', () => {
    const { ask } = policyUnderTest(
      { attribution, block: { actors: ['eve'] } },
      { rules: 'SecRuleEngine Off\nSecRequestBodyAccess Off' },
    );
    expect(ask(login('eve')).row).toBe('actor-block');
    const json = [['Content-Type', 'application/json']] as const;
    expect(ask({ method: 'POST', headers: json, body: '{"login":"eve"}' }).row).toBe('actor-block');
  });
});

describe('a blocked actor', () => {
  it('takes every address it uses along, and no internal one', () => {
    const { ask } = policyUnderTest({
      signatures: [{ name: 'trap', action: 'block', for: '1h', payload: path('/trap') }],
    });
    ask({ user: 'ann', address: '198.51.100.1' });
    ask({ user: 'ann', address: '10.1.2.3' });
    ask({ user: 'ann', address: '198.51.100.2', uri: '/trap' });
    ask({ address: '192.0.2.9' });
    for (const address of ['198.51.100.1', '198.51.100.2']) {
      expect(ask({ address, at: 1000 }).row).toBe('actor-block');
      expect(ask({ address, user: 'bob', at: 1000 }).row).toBe('actor-block');
    }
    expect(ask({ address: '10.1.2.3', at: 1000 }).effect).toBe('allow');
    expect(ask({ address: '192.0.2.9', at: 1000 }).effect).toBe('allow');
  });
});
