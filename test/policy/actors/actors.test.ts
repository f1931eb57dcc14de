import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadActors, type PolicyActors } from '../../../src/policy/actors/actors.ts';
import { hashPattern } from '../../../src/policy/attribution/schema.ts';
import { createSourceReader } from '../../../src/policy/attribution/source.ts';
import { actorOptions } from '../../../src/policy/document/actor-options.ts';
import type { Planned } from '../../../src/policy/facts/actor.ts';
import { memoryStore } from '../../../src/state/memory.ts';
import type { SyncStore } from '../../../src/state/store.ts';
import {
  attribution,
  intelligenceOf,
  type RequestParts,
  request,
  type Values,
} from '../../support/policy-request.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_700_000_000_000;

const reader = createSourceReader(
  undefined,
  attribution([
    { from: 'header', name: 'X-Gateway-User', trusted: true },
    { from: 'header', name: 'X-User' },
  ]).identifier,
  intelligenceOf({}).intelligence,
);

interface Section {
  readonly actors?: object;
  readonly hashPatterns?: readonly object[];
  readonly limits?: { readonly maxAddresses?: number; readonly maxActors?: number };
}

function load({ actors, hashPatterns = [], limits }: Section = {}) {
  return loadActors(
    {
      actors: actors && actorOptions.parse(actors),
      hashPatterns: hashPatterns.map((pattern) => hashPattern.parse(pattern)),
    },
    {
      hmac: (text) => createHmac('sha256', 'key').update(text, 'latin1').digest('hex'),
      locate: () => undefined,
      limits,
    },
  );
}

/** One process with a store: requests are looked at one after the other. */
class Process {
  readonly actors: PolicyActors;
  readonly store: SyncStore;
  batches = 0;

  constructor(section: Section = {}, store: SyncStore = memoryStore()) {
    this.actors = load(section).actors;
    this.store = store;
  }

  run<T>({ operations, conclude }: Planned<T>, atMs: number): T {
    this.batches++;
    return conclude(this.store.run(operations, atMs));
  }

  actor(address: string, user?: string, atMs: number = START, parts: RequestParts = {}) {
    const headers: Values = [
      ...(parts.headers ?? []),
      ...(user === undefined ? [] : ([['X-User', user]] as const)),
    ];
    const seen = request({ ...parts, headers });
    return this.actors.actorOf(reader.read({ clientAddress: address, request: seen }, atMs));
  }

  look(address: string, user?: string, atMs: number = START) {
    return this.run(this.actors.look(this.actor(address, user), address, atMs), atMs);
  }

  mark(state: 'allowed' | 'blocked', address: string, user: string | undefined, untilMs: number) {
    const actor = this.actor(address, user);
    this.run(this.actors.mark(state, actor, 'signature s', untilMs), START);
  }
}

describe('who an actor is', () => {
  const one = new Process();
  const key = (address: string, user?: string, parts?: RequestParts) =>
    one.actor(address, user, START, parts).key;

  it('is the user wherever it comes from', () => {
    expect(key('192.0.2.1', 'alice')).toBe(key('192.0.2.2', 'alice'));
    expect(key('192.0.2.1', 'alice')).not.toBe(key('192.0.2.1', 'bob'));
    expect(one.actor('192.0.2.1', 'alice')).toMatchObject({ kind: 'user', isClaimed: true });
  });

  it('is the address where no user is known, and a user of that name is somebody else', () => {
    expect(key('192.0.2.1')).toBe(key('::ffff:192.0.2.1'));
    expect(key('192.0.2.1')).not.toBe(key('192.0.2.2'));
    expect(key('192.0.2.1')).not.toBe(key('192.0.2.9', '192.0.2.1'));
    expect(one.actor('192.0.2.1')).toMatchObject({ kind: 'address', isClaimed: false });
  });

  it('is another one when only its name is claimed', () => {
    const verified: RequestParts = { headers: [['X-Gateway-User', 'alice']] };
    expect(one.actor('192.0.2.1', undefined, START, verified)).toMatchObject({ isClaimed: false });
    expect(key('192.0.2.1', undefined, verified)).not.toBe(key('192.0.2.1', 'alice'));
    expect(one.actors.keysOfUser('alice')).toEqual([
      key('192.0.2.1', undefined, verified),
      key('192.0.2.1', 'alice'),
    ]);
  });

  it('is what a hash pattern stands for where no user is known', () => {
    const section: Section = {
      actors: { pattern: 'device' },
      hashPatterns: [{ name: 'device', fields: [{ cookie: 'device' }] }],
    };
    const other = new Process(section);
    const device: RequestParts = { cookies: [['device', 'd1']] };
    const at = (address: string, user?: string, parts?: RequestParts) =>
      other.actor(address, user, START, parts);
    expect(at('192.0.2.1', undefined, device)).toMatchObject({ kind: 'pattern', isClaimed: true });
    expect(at('192.0.2.1', undefined, device).key).toBe(at('192.0.2.2', undefined, device).key);
    expect(at('192.0.2.1', 'alice', device).kind).toBe('user');
    expect(at('192.0.2.1').kind).toBe('address');
  });

  it('gives nothing away, and changes its pseudonym each day', () => {
    const { key: hash, pseudonym: alias, addressKey } = one.actor('192.0.2.77', 'alice');
    expect(addressKey).toMatch(/^[0-9a-f]{32}$/);
    const text = JSON.stringify([hash, alias, addressKey]);
    expect(text).not.toMatch(/192\.0\.2\.77|alice/);
    const pseudonym = (atMs: number) => one.actor('192.0.2.1', 'alice', atMs).pseudonym;
    const midnight = Math.ceil(START / DAY) * DAY;
    expect(pseudonym(START)).toBe(pseudonym(midnight - 1));
    expect(pseudonym(START)).not.toBe(pseudonym(midnight));
  });

  it('is told from others although its peer has no address', () => {
    expect(one.actor('', 'alice').key).toBe(key('192.0.2.1', 'alice'));
    expect(one.actor('', 'alice').addressKey).toBeUndefined();
  });

  it('reports a pattern that does not exist', () => {
    const { diagnostics } = load({ actors: { pattern: 'gone' } });
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'bad-hash-pattern' }]);
  });
});

describe('a mark on an actor', () => {
  it('is not there before', () => {
    expect(new Process().look('192.0.2.1', 'alice')).toMatchObject({
      allowed: undefined,
      blocked: undefined,
      score: 0,
      addresses: 1,
    });
  });

  it('holds wherever the actor comes from, until it ends', () => {
    const one = new Process();
    one.mark('blocked', '192.0.2.1', 'alice', START + HOUR);
    expect(one.look('192.0.2.9', 'alice')).toMatchObject({
      blocked: 'suspended by signature s',
      blockedUntilMs: START + HOUR,
    });
    expect(one.look('192.0.2.9', 'alice', START + HOUR).blocked).toBeUndefined();
    expect(one.look('192.0.2.8', 'bob').blocked).toBeUndefined();
  });

  it('says whether it ends', () => {
    const one = new Process();
    one.mark('blocked', '192.0.2.1', 'alice', Infinity);
    expect(one.look('192.0.2.1', 'alice')).toMatchObject({
      blocked: 'blocked by signature s',
      blockedUntilMs: Infinity,
    });
  });

  it.each(['blocked', 'allowed'] as const)('holds for every address it used: %s', (state) => {
    const one = new Process();
    for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1']) one.look(address, 'alice');
    one.mark(state, '192.0.2.1', 'alice', START + HOUR);
    for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1']) {
      expect(one.look(address)[state]).toBe(
        `${state === 'blocked' ? 'a blocked' : 'an allowed'} actor uses the address`,
      );
      expect(one.look(address, 'somebody else')[state]).toBeDefined();
      expect(one.look(address, undefined, START + HOUR)[state]).toBeUndefined();
    }
    expect(one.look('192.0.2.3')[state]).toBeUndefined();
  });

  it('holds for an address that it uses later', () => {
    const one = new Process();
    one.mark('blocked', '192.0.2.1', 'alice', START + HOUR);
    expect(one.look('192.0.2.5').blocked).toBeUndefined();
    one.look('192.0.2.5', 'alice', START + MINUTE);
    expect(one.look('192.0.2.5', undefined, START + MINUTE).blocked).toBeDefined();
    expect(one.look('192.0.2.5', undefined, START + HOUR).blocked).toBeUndefined();
  });

  it('holds for users of an address that is blocked itself', () => {
    const one = new Process();
    one.mark('blocked', '192.0.2.1', undefined, START + HOUR);
    expect(one.look('192.0.2.1').blocked).toBe('suspended by signature s');
    expect(one.look('192.0.2.1', 'alice').blocked).toBe('a blocked actor uses the address');
    expect(one.look('192.0.2.2', 'alice').blocked).toBeUndefined();
  });

  it('is not shortened by a shorter one', () => {
    const one = new Process();
    one.mark('blocked', '192.0.2.1', 'alice', START + DAY);
    one.mark('blocked', '192.0.2.1', 'alice', START + MINUTE);
    expect(one.look('192.0.2.1', 'alice', START + HOUR).blocked).toBeDefined();
  });

  it('can be taken off, with its addresses', () => {
    const one = new Process();
    one.look('192.0.2.2', 'alice');
    one.mark('blocked', '192.0.2.1', 'alice', Infinity);
    one.look('192.0.2.1', 'alice');
    const { key } = one.actor('192.0.2.1', 'alice');
    expect(one.run(one.actors.unmark('blocked', key), START)).toBe(true);
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      expect(one.look(address).blocked).toBeUndefined();
      expect(one.look(address, 'alice').blocked).toBeUndefined();
    }
    expect(one.run(one.actors.unmark('blocked', key), START)).toBe(false);
  });

  it('is seen by other processes that share the store and the key', () => {
    const one = new Process();
    const other = new Process({}, one.store);
    other.look('192.0.2.2', 'alice');
    one.mark('blocked', '192.0.2.1', 'alice', START + HOUR);
    one.look('198.51.100.1');
    expect(other.look('192.0.2.9', 'alice').blocked).toBeDefined();
    expect(other.look('192.0.2.2').blocked).toBeDefined();
  });
});

describe('the addresses of an actor', () => {
  it('are counted, and forgotten when they are not used for a day', () => {
    const one = new Process();
    one.look('192.0.2.1', 'alice');
    expect(one.look('192.0.2.2', 'alice').addresses).toBe(2);
    expect(one.look('192.0.2.2', 'alice', START + DAY).addresses).toBe(1);
    one.mark('blocked', '192.0.2.2', 'alice', START + 10 * DAY);
    expect(one.look('192.0.2.1', undefined, START + DAY).blocked).toBeUndefined();
  });

  it('are bounded for each actor, and the one in use counts in any case', () => {
    const one = new Process({ limits: { maxAddresses: 3 } });
    for (let host = 1; host <= 5; host++) one.look(`192.0.2.${host}`, 'alice');
    one.mark('blocked', '192.0.2.5', 'alice', START + HOUR);
    const blocked = [1, 2, 3, 4, 5].filter((host) => one.look(`192.0.2.${host}`).blocked);
    expect(blocked).toEqual([1, 2, 3, 5]);
  });

  it('do not fill the store with marks when a blocked actor changes them without end', () => {
    const one = new Process({ limits: { maxAddresses: 3 } });
    one.mark('blocked', '192.0.2.1', 'alice', START + HOUR);
    for (let host = 1; host <= 9; host++) one.look(`192.0.2.${host}`, 'alice');
    const hosts = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(hosts.filter((host) => one.look(`192.0.2.${host}`).blocked)).toEqual([1, 2, 3]);
    expect(hosts.every((host) => one.look(`192.0.2.${host}`, 'alice').blocked)).toBe(true);
  });

  it('lose the mark with the actor although they were too many to be remembered', () => {
    const one = new Process({ limits: { maxAddresses: 1 } });
    for (const address of ['192.0.2.1', '192.0.2.2']) one.look(address, 'alice');
    one.mark('blocked', '192.0.2.2', 'alice', Infinity);
    expect(one.look('192.0.2.2').blocked).toBeDefined();
    one.run(one.actors.unmark('blocked', one.actor('192.0.2.2', 'alice').key), START);
    expect(one.look('192.0.2.2').blocked).toBeUndefined();
  });

  it('are not given to endless users of one address', () => {
    const one = new Process({ limits: { maxActors: 2 } });
    for (const user of ['a', 'b', 'c']) one.look('192.0.2.1', user);
    one.mark('blocked', '192.0.2.9', 'c', START + HOUR);
    expect(one.look('192.0.2.1').blocked).toBeUndefined();
    one.mark('blocked', '192.0.2.9', 'a', START + HOUR);
    one.look('198.51.100.1');
    expect(one.look('192.0.2.1').blocked).toBeDefined();
  });

  it('are marked later when the store fails in between', () => {
    const one = new Process();
    one.look('192.0.2.2', 'alice');
    one.mark('blocked', '192.0.2.1', 'alice', START + HOUR);
    // A batch that is planned and never answered.
    one.actors.look(one.actor('192.0.2.7'), '192.0.2.7', START);
    expect(one.look('192.0.2.2').blocked).toBeDefined();
  });

  it('cost no batch beside that of the request', () => {
    const one = new Process();
    for (let host = 1; host <= 5; host++) one.look(`192.0.2.${host}`, 'alice');
    expect(one.batches).toBe(5);
  });
});

describe('the score of an actor', () => {
  const actors = {
    score: { halfLife: '1h', high: 40, low: 1, blockAbove: 100, blockFor: '30m' },
  };

  it('grows with events and halves in time', () => {
    const one = new Process({ actors });
    const alice = one.actor('192.0.2.1', 'alice');
    expect(one.run(one.actors.score(alice, 'high', START), START)).toBe(false);
    expect(one.look('192.0.2.1', 'alice').score).toBe(40);
    expect(one.look('192.0.2.1', 'alice', START + HOUR).score).toBeCloseTo(20);
    expect(one.look('192.0.2.1', 'bob').score).toBe(0);
  });

  it('blocks above its limit, with the addresses of the actor, for as long as the policy says', () => {
    const one = new Process({ actors });
    one.look('192.0.2.2', 'alice');
    const alice = one.actor('192.0.2.1', 'alice');
    const verdicts = [1, 2, 3].map(() => one.run(one.actors.score(alice, 'high', START), START));
    expect(verdicts).toEqual([false, false, true]);
    expect(one.look('192.0.2.9', 'alice').blocked).toBe('suspended by a score above 100');
    expect(one.look('192.0.2.2').blocked).toBeDefined();
    expect(one.look('192.0.2.9', 'alice', START + 30 * MINUTE).blocked).toBeUndefined();
  });

  it('never blocks without a limit, and is not kept without a section', () => {
    const one = new Process({ actors: { score: { critical: 1000 } } });
    const alice = one.actor('192.0.2.1', 'alice');
    expect(one.run(one.actors.score(alice, 'critical', START), START)).toBe(false);
    expect(one.look('192.0.2.1', 'alice')).toMatchObject({ blocked: undefined, score: 1000 });
    const none = new Process();
    expect(none.actors.score(alice, 'critical', START).operations).toEqual([]);
  });
});
