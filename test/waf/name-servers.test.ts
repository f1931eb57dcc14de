import { afterEach, describe, expect, it } from 'vitest';
import {
  askServers,
  NAME_SERVER_LIMITS,
  NameServers,
  type ResolveAddresses,
} from '../../src/waf/name-servers.ts';
import { type DnsAnswer, type DnsServer, startDnsServer } from '../support/dns-server.ts';

let server: DnsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serversWith(answerOf: (name: string) => DnsAnswer): Promise<NameServers> {
  server = await startDnsServer(answerOf);
  const resolve = askServers([server.address], 300);
  return new NameServers(resolve, { ...NAME_SERVER_LIMITS, timeoutMs: 300 });
}

const failure = { kind: 'failure', message: expect.any(String) };

describe('name servers', () => {
  it('tell the addresses of a name', async () => {
    const servers = await serversWith(() => ['127.0.0.2', '127.0.0.4']);
    expect(await servers.addresses('a.test')).toEqual({
      kind: 'addresses',
      addresses: ['127.0.0.2', '127.0.0.4'],
    });
    expect(server?.asked).toEqual(['a.test']);
  });

  it.each([
    ['does not exist', undefined],
    ['has no addresses', []],
  ])('tell that a name %s', async (_what, answer) => {
    const servers = await serversWith(() => answer);
    expect(await servers.addresses('a.test')).toEqual({ kind: 'addresses', addresses: [] });
  });

  it.each(['silent', 'broken'] as const)('that are %s have failed', async (how) => {
    const servers = await serversWith(() => how);
    expect(await servers.addresses('a.test')).toEqual(failure);
  });

  it('are asked once for a name in any case, and once more when its time is over', async () => {
    const asked: string[] = [];
    let nowMs = 0;
    const resolve: ResolveAddresses = async (name) => {
      asked.push(name);
      return [{ address: '127.0.0.2', ttl: 120 }];
    };
    const servers = new NameServers(resolve, NAME_SERVER_LIMITS, () => nowMs);
    await Promise.all([servers.addresses('a.test'), servers.addresses('A.test')]);
    nowMs = 119_000;
    await servers.addresses('a.test');
    expect(asked).toEqual(['a.test']);
    nowMs = 120_000;
    await servers.addresses('a.test');
    expect(asked).toEqual(['a.test', 'a.test']);
  });

  it('that fail are left alone for a moment', async () => {
    let asked = 0;
    let nowMs = 0;
    const resolve: ResolveAddresses = () => {
      asked++;
      return Promise.reject(new Error('down'));
    };
    const servers = new NameServers(resolve, NAME_SERVER_LIMITS, () => nowMs);
    expect(await servers.addresses('a.test')).toEqual({ kind: 'failure', message: 'down' });
    await servers.addresses('a.test');
    expect(asked).toBe(1);
    nowMs = 60_000;
    await servers.addresses('a.test');
    expect(asked).toBe(2);
  });

  it.each([['name.test'], ['127.0.0.1:70000'], ['[::1]:70000'], ['']])(
    'are not called %j',
    (server) => {
      expect(() => askServers([server], 300)).toThrow(TypeError);
    },
  );

  it('are remembered for a limited number of names', async () => {
    const asked: string[] = [];
    const resolve: ResolveAddresses = async (name) => {
      asked.push(name);
      return [];
    };
    const servers = new NameServers(resolve, { ...NAME_SERVER_LIMITS, maxEntries: 2 });
    for (const name of ['a.test', 'b.test', 'c.test', 'b.test', 'a.test']) {
      await servers.addresses(name);
    }
    expect(asked).toEqual(['a.test', 'b.test', 'c.test', 'a.test']);
  });

  it('are asked for a limited number of names at once, and for none that takes too long', async () => {
    const never: ResolveAddresses = () => new Promise(() => {});
    const limits = { ...NAME_SERVER_LIMITS, maxRunning: 1, timeoutMs: 50 };
    const servers = new NameServers(never, limits);
    expect(await Promise.all([servers.addresses('a.test'), servers.addresses('b.test')])).toEqual([
      failure,
      failure,
    ]);
  });
});
