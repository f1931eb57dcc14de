import { describe, expect, it } from 'vitest';
import { parsePlainIp } from '../../../src/http/forwarded.ts';
import { internalTest } from '../../../src/policy/intelligence/internal.ts';

const isInternal = internalTest(['203.0.113.0/24', '::ffff:198.51.100.0/120', '2001:db8::/32']);

describe('internal addresses', () => {
  it.each([
    ['10.0.0.1', true],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['127.0.0.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', false],
    ['8.8.8.8', false],
    ['::1', true],
    ['::2', false],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['203.0.113.9', true],
    ['198.51.100.9', true],
    ['2001:db8::9', true],
    ['2001:db9::9', false],
  ])('hold %s: %s', (address, expected) => {
    expect(isInternal(parsePlainIp(address) as Uint8Array)).toBe(expected);
  });
});
