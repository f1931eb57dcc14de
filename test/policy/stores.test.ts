import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { memoryStore } from '../../src/state/memory.ts';
import type { AsyncStore } from '../../src/state/store.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { definePolicy } from '../../src/waf/policy.ts';
import { remoteStoreOf } from '../support/remote-store.ts';

/** Answers as often as it is told to; then it fails, or says nothing any more. */
function failing(after: number, how: 'throws' | 'hangs'): AsyncStore {
  const store = remoteStoreOf(memoryStore());
  let left = after;
  const answer = <T>(run: () => Promise<T>): Promise<T> => {
    if (left-- > 0) return run();
    if (how === 'throws') return Promise.reject(new Error('redis://:secret@host is down'));
    return new Promise<T>(() => {});
  };
  return {
    ...store,
    load: (...asked) => answer(() => store.load(...asked)),
    apply: (...asked) => answer(() => store.apply(...asked)),
    run: (...asked) => answer(() => store.run(...asked)),
  };
}

async function decisionOf(document: object, store: AsyncStore): Promise<Decision> {
  const waf = createWaf({
    rules: 'SecRuleEngine On',
    policy: definePolicy(document),
    state: store,
    storeTimeoutMs: 5,
  });
  const { decision, events } = await waf.inspect({
    method: 'GET',
    uri: '/?a=1',
    headers: [],
    client: { address: '203.0.113.7', port: 1 },
    response: { status: 401, headers: [['Content-Type', 'text/plain']], body: 'no' },
  });
  expect(JSON.stringify([decision, events])).not.toContain('secret');
  return decision;
}

const limit = (onStoreFailure: string, part: string) => ({
  rateLimits: [
    {
      name: 'l',
      action: 'block',
      payload: { part, operator: 'exists' },
      conditions: { moreThan: 5, in: '1m' },
      onStoreFailure,
    },
  ],
});

describe.each(['throws', 'hangs'] as const)('a store that %s', (how) => {
  it.each([
    ['the head', 'request.method', 0],
    ['the request', 'request.parameterCount', 1],
    ['the response', 'response.status', 1],
    ['the body of the response', 'response.bodySize', 1],
  ])('at %s does what the rule says', async (_where, part, before) => {
    const effects = await Promise.all(
      ['allow', 'local', 'block'].map(async (what) => {
        const { effect, row } = await decisionOf(limit(what, part), failing(before, how));
        return `${effect} ${row}`;
      }),
    );
    expect(effects).toEqual(['allow fallback', 'allow fallback', 'block threshold-block']);
  });

  it('is an engine error where an actor has to be looked up, or marked', async () => {
    const trap = (action: string) => ({
      signatures: [
        {
          name: 't',
          action,
          for: '1h',
          payload: { part: 'request.queryParameter', name: 'a', operator: 'equals', value: '1' },
        },
      ],
    });
    expect((await decisionOf(trap('block'), failing(0, how))).effect).toBe('block');
    const score = { actors: { score: { blockAbove: 10 } } };
    expect((await decisionOf(score, failing(0, how))).row).toBe('engine-error');
    const open = { ...score, onEngineError: 'allow' };
    expect((await decisionOf(open, failing(0, how))).effect).toBe('allow');
  });

  it('changes nothing once the exchange is over', async () => {
    const document = {
      actors: { score: {} },
      signatures: [
        {
          name: 'm',
          action: 'monitor',
          payload: { part: 'request.method', operator: 'equals', value: 'GET' },
        },
      ],
    };
    expect((await decisionOf(document, failing(0, how))).row).toBe('fallback');
  });
});
