import { describe, expect, it } from 'vitest';
import {
  forwardedFor,
  parsePlainIp,
  parseTrustedProxies,
  plainAddress,
  resolveHops,
  trustedHops,
  trustedRanges,
} from '../../src/http/forwarded.ts';

const peer = { address: '10.0.0.1', port: 1000 };

describe('parseTrustedProxies', () => {
  it.each(['10.0.0.0/33', '::/129', 'x', '1.2.3', '10.0.0.0/8/8', '', '1.1.1.1,', '10.0.0.0/'])(
    'rejects %j as a list of proxies',
    (text) => {
      expect(() => parseTrustedProxies(text)).toThrow(RangeError);
    },
  );
});

describe('trustedRanges', () => {
  it.each([
    ['10.0.0.0/8', '::ffff:10.9.9.9', true],
    ['::ffff:10.0.0.0/104', '10.9.9.9', true],
    ['::ffff:10.0.0.0/104', '11.9.9.9', false],
    ['::/0', '10.9.9.9', false],
    ['2001:db8::/32', '2001:DB8:0:0::1', true],
    ['10.0.0.0/8', 'fe80::1%eth0', false],
    ['10.0.0.0/8', '', false],
  ])('%s: %s is trusted: %s', (range, address, expected) => {
    expect(trustedRanges([range]).isTrusted(address, 0)).toBe(expected);
  });
});

describe('resolveHops', () => {
  it('believes no header of a peer that is not trusted', () => {
    const trusted = trustedRanges(['192.168.0.0/16']);
    expect(resolveHops(peer, ['1.1.1.1', '192.168.0.1'], trusted)).toEqual(peer);
  });

  it('shows the same client however the proxy spells it', () => {
    for (const claim of ['::ffff:1.1.1.1', '1.1.1.1', '[::FFFF:1.1.1.1]:80', '1.1.1.1:80']) {
      expect(resolveHops(peer, [claim], trustedHops(1)).address).toBe('1.1.1.1');
    }
    expect(resolveHops(peer, ['2001:DB8:0::1'], trustedHops(1)).address).toBe('2001:db8::1');
  });
});

describe('forwardedFor', () => {
  it.each([
    [['for=1.1.1.1'], ['1.1.1.1']],
    [['for=6.6.6.6;proto=http, For="[2001:db8::1]:80" ; by=x'], ['6.6.6.6', '[2001:db8::1]:80']],
    [
      ['proto=https', 'by=10.0.0.1;for=1.1.1.1'],
      ['unknown', '1.1.1.1'],
    ],
    [['for=_hidden, for=unknown'], ['_hidden', 'unknown']],
    [
      ['xfor=1.1.1.1', 'for=', ','],
      ['unknown', 'unknown'],
    ],
  ])('reads %j', (values, expected) => {
    expect(forwardedFor(values)).toEqual(expected);
  });

  it('is read in the time that its length asks for', () => {
    const blanks = ' '.repeat(1_000_000);
    expect(forwardedFor([`for=${blanks}"`, `${';for '.repeat(100_000)}`])).toHaveLength(2);
  });

  it('takes nothing that the client put in front of the trusted proxy', () => {
    const values = forwardedFor(['for="1.1.1.1, for=10.0.0.2"', 'for=7.7.7.7']);
    expect(resolveHops(peer, values, trustedHops(1)).address).toBe('7.7.7.7');
  });
});

describe('addresses of dual-stack sockets', () => {
  it('are shown as IPv4 when they are', () => {
    expect(plainAddress('::ffff:1.2.3.4')).toBe('1.2.3.4');
    expect(plainAddress('::1')).toBe('::1');
    expect(parsePlainIp('::ffff:1.2.3.4')).toHaveLength(4);
    expect(parsePlainIp('::1')).toHaveLength(16);
    expect(parsePlainIp('1.2.3.4.5')).toBeNull();
  });
});
