import { describe, expect, it } from 'vitest';
import { resolveClient, withForwarding } from '../../src/adapters/forwarded.ts';
import { NO_TRUSTED_PROXIES, parseTrustedProxies } from '../../src/http/forwarded.ts';

const peer = { address: '10.0.0.1', port: 1000 };
const xff = (value: string): [string, string] => ['X-Forwarded-For', value];

function client(trust: string, ...values: string[]): string {
  return resolveClient(peer, values.map(xff), parseTrustedProxies(trust)).address;
}

describe('the client behind proxies', () => {
  it('is the peer when no proxy is trusted', () => {
    expect(resolveClient(peer, [xff('1.1.1.1')], NO_TRUSTED_PROXIES)).toEqual(peer);
  });

  it.each([
    ['one hop takes the last entry', '1', ['6.6.6.6, 1.1.1.1'], '1.1.1.1'],
    ['two hops take the one before', '2', ['6.6.6.6, 1.1.1.1, 10.0.0.2'], '1.1.1.1'],
    ['several lines count as one list', '2', ['6.6.6.6', '1.1.1.1', '10.0.0.2'], '1.1.1.1'],
    ['a list shorter than the hops ends at its first entry', '3', ['1.1.1.1'], '1.1.1.1'],
    ['no list leaves the peer', '1', [], '10.0.0.1'],
    [
      'the first address outside the ranges is the client',
      '10.0.0.0/8',
      ['6.6.6.6, 1.1.1.1, 10.9.9.9'],
      '1.1.1.1',
    ],
    ['junk ends the chain', '10.0.0.0/8', ['1.1.1.1, junk, 10.9.9.9'], '10.9.9.9'],
    ['ports are not part of the address', '1', ['1.1.1.1:5000'], '1.1.1.1'],
    ['IPv6 in brackets', '1', ['[2001:db8::1]:5000'], '2001:db8::1'],
    ['IPv6 alone', '1', ['2001:db8::1'], '2001:db8::1'],
    ['a single address', '10.0.0.1', ['1.1.1.1'], '1.1.1.1'],
    ['a peer that is not in the list', '10.0.0.2', ['1.1.1.1'], '10.0.0.1'],
  ])('%s', (_name, trust, values, expected) => {
    expect(client(trust, ...values)).toBe(expected);
  });
});

describe('what the upstream is told', () => {
  it('keeps the chain of a trusted proxy and appends it', () => {
    const headers = withForwarding(
      [xff('1.1.1.1'), ['X-Forwarded-Proto', 'https'], ['X_Real_IP', '9.9.9.9']],
      peer,
      parseTrustedProxies('1'),
    );
    expect(headers).toEqual([
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-For', '1.1.1.1, 10.0.0.1'],
    ]);
  });

  it('drops every claim of an untrusted peer', () => {
    const headers = withForwarding(
      [
        xff('1.1.1.1'),
        ['X-Forwarded-Proto', 'https'],
        ['X-Real-IP', '9.9.9.9'],
        ['Forwarded', 'for=a'],
      ],
      peer,
      NO_TRUSTED_PROXIES,
    );
    expect(headers).toEqual([
      ['X-Forwarded-For', '10.0.0.1'],
      ['X-Forwarded-Proto', 'http'],
    ]);
  });
});
