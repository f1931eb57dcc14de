import { describe, expect, it } from 'vitest';
import { rateLimitRule } from '../../../src/policy/document/threshold-rule.ts';
import { thresholdOf } from '../../../src/policy/thresholds/from-rule.ts';

const rule = (given: object) =>
  rateLimitRule.parse({
    name: 'login',
    conditions: [{ moreThan: 50, in: '5m' }],
    action: 'block',
    ...given,
  });

describe('thresholdOf', () => {
  it('takes over conditions, scope and what to do', () => {
    const { spec } = thresholdOf(
      'rate-limit',
      rule({ scope: { users: 'all', endpoints: 'each' }, for: '10m', onStoreFailure: 'block' }),
      'count',
    );
    expect(spec).toMatchObject({
      id: 'rate-limit/login',
      conditions: [{ limit: 50, windowMs: 300_000 }],
      scope: { perUser: false, perEndpoint: true },
      measure: 'count',
      action: { kind: 'block', forMs: 600_000 },
      onStoreFailure: 'block',
    });
  });

  it('blocks for ever, for a time, or for its longest window', () => {
    const conditions = [
      { moreThan: 1, in: '1m' },
      { moreThan: 5, in: '1h' },
    ];
    const blockMs = (given: object) =>
      thresholdOf('rate-limit', rule({ conditions, ...given }), 'count').blockMs;
    expect(blockMs({})).toBe(3_600_000);
    expect(blockMs({ for: 'forever' })).toBe(Infinity);
    expect(blockMs({ for: '2m' })).toBe(120_000);
    expect(blockMs({ for: 'window' })).toBe(3_600_000);
    expect(blockMs({ action: 'monitor' })).toBeUndefined();
  });

  it('learns from an hour of windows of 5 minutes, and from half of a short baseline', () => {
    const minWindows = (given: object) => {
      const conditions = [{ percentAbove: 20, ...given }];
      const [condition] = thresholdOf('rate-limit', rule({ conditions }), 'count').spec.conditions;
      return condition !== undefined && 'minWindows' in condition && condition.minWindows;
    };
    expect(minWindows({ in: '5m' })).toBe(12);
    expect(minWindows({ in: '1h', baseline: '10h' })).toBe(5);
    expect(minWindows({ in: '1d', baseline: '2d' })).toBe(1);
  });
});
