import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, mappedIpv4, parseIp, parsePrefix } from '../../src/base/ip.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const GOOD: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:DB8:0::1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
];

const BAD = [
  '',
  ' 1.2.3.4',
  '1.2.3.4 ',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.256',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '1.2.3.4:80',
  'abc',
  '0x1.2.3.4',
  '1.2.3.4a',
  ':',
  ':::',
  '1:',
  ':1',
  '1::2::3',
  '12345::',
  'g::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '::1.2.3',
  '::1.2.3.4:5',
  '1.2.3.4::',
  '1:2:3:4:5:6:7:1.2.3.4',
  'fe80::1%eth0',
  '[::1]',
  '::1/64',
  '1:2:3:4:5:6:7:8:',
  '0.0.0.00',
];

describe('parseIp', () => {
  for (const [text, canonical] of GOOD) {
    it(`reads ${text}`, () => {
      const address = parseIp(text);
      expect(address && formatIp(address)).toBe(canonical);
    });
  }

  for (const text of BAD) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(parseIp(text)).toBeNull());
  }

  it('accepts exactly what Node takes for an address', () => {
    const noise = fc
      .array(fc.constantFrom(...'0123456789af:.'), { maxLength: 20 })
      .map((one) => one.join(''));
    fc.assert(
      fc.property(fc.oneof(noise, fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseIp(text);
        expect(address === null ? 0 : address.length === 4 ? 4 : 6).toBe(isIP(text));
        if (address !== null) expect(parseIp(formatIp(address))).toEqual(address);
      }),
      { numRuns: RUNS * 10 },
    );
  });
});

describe('parsePrefix', () => {
  it('takes an address alone for its longest prefix', () => {
    expect(parsePrefix('10.0.0.1')?.bits).toBe(32);
    expect(parsePrefix('::1')?.bits).toBe(128);
  });

  for (const text of [
    '10.0/16',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8x',
    '10.0.0.0/0008',
    '/8',
    'x',
  ]) {
    it(`refuses ${text}`, () => expect(parsePrefix(text)).toBeNull());
  }
});

describe('mappedIpv4', () => {
  it('finds the address inside ::ffff:0:0/96 only', () => {
    expect([...(mappedIpv4(parseIp('::ffff:1.2.3.4')!) ?? [])]).toEqual([1, 2, 3, 4]);
    expect(mappedIpv4(parseIp('::1.2.3.4')!)).toBeNull();
    expect(mappedIpv4(parseIp('1.2.3.4')!)).toBeNull();
  });
});
