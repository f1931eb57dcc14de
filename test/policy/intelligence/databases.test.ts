import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlainIp } from '../../../src/http/forwarded.ts';
import { mmdb } from '../../support/mmdb.ts';
import { intelligenceOf } from '../../support/policy-request.ts';

const bytes = (address: string): Uint8Array => parsePlainIp(address) as Uint8Array;

const FILES = {
  'geo.mmdb': mmdb({
    '198.51.100.0/24': { country: { iso_code: 'US' }, subdivisions: [{ iso_code: 'CA' }] },
    '203.0.113.0/24': { country_code: 'de' },
    '192.0.2.0/24': { country: 'FR', region_code: 'idf' },
    '192.0.3.0/24': { continent: { code: 'EU' } },
    '2001:db8::/32': { country: { iso_code: 'NZ' } },
  }),
  'asn.mmdb': mmdb({
    '198.51.100.0/24': {
      autonomous_system_number: 64496,
      autonomous_system_organization: 'Caf\u00e9 Net',
    },
    '203.0.113.0/24': { asn: 'AS64497', as_name: 'Example' },
    '192.0.2.0/24': { asn: 'many' },
  }),
  'anonymous.mmdb': mmdb({
    '198.51.100.0/24': { is_anonymous: true, is_tor_exit_node: true, is_hosting_provider: true },
    '203.0.113.0/24': { is_residential_proxy: true, is_anonymous_vpn: false },
  }),
  'lines.mmdb': mmdb({
    '198.51.100.0/24': { connection_type: 'Cable/DSL' },
    '203.0.113.0/24': { traits: { user_type: 'hosting', connection_type: 'Corporate' } },
    '192.0.2.0/24': { connection_type: 'Carrier pigeon' },
  }),
};

const ALL = {
  geo: { mmdb: 'geo.mmdb' },
  asn: { mmdb: 'asn.mmdb' },
  ipTypes: { mmdb: 'anonymous.mmdb' },
  connections: { mmdb: 'lines.mmdb' },
};

function addresses() {
  const { intelligence, diagnostics } = intelligenceOf(ALL, FILES);
  expect(diagnostics).toEqual([]);
  return intelligence.addresses;
}

describe('databases of addresses', () => {
  it.each([
    ['198.51.100.7', { country: 'US', subdivision: 'CA' }],
    ['::ffff:198.51.100.7', { country: 'US', subdivision: 'CA' }],
    ['203.0.113.7', { country: 'DE', subdivision: undefined }],
    ['192.0.2.7', { country: 'FR', subdivision: 'IDF' }],
    ['2001:db8::7', { country: 'NZ', subdivision: undefined }],
  ])('know the region of %s', (address, value) => {
    expect(addresses().region(bytes(address))).toEqual({ known: true, value, from: 'geo.mmdb' });
  });

  it('say of what they do not know that it is not in them', () => {
    for (const address of ['192.0.3.1', '8.8.8.8', '2002::1']) {
      expect(addresses().region(bytes(address))).toEqual({
        known: false,
        why: 'not-in-data',
        detail: 'not in geo.mmdb',
      });
    }
  });

  it('know autonomous systems and whose they are', () => {
    const { asn, organisation } = addresses();
    expect(asn(bytes('198.51.100.7'))).toMatchObject({ value: 64496 });
    expect(organisation(bytes('198.51.100.7'))).toMatchObject({ value: 'Caf\xc3\xa9 Net' });
    expect(asn(bytes('203.0.113.7'))).toMatchObject({ value: 64497 });
    expect(organisation(bytes('203.0.113.7'))).toMatchObject({ value: 'Example' });
    expect(asn(bytes('192.0.2.7'))).toMatchObject({ why: 'not-in-data' });
  });

  it('know types of addresses, and an address they do not hold is of none', () => {
    const { isOfType } = addresses();
    const tor = bytes('198.51.100.7');
    expect(isOfType(tor, 'torExitNode')).toMatchObject({ value: true });
    expect(isOfType(tor, 'hostingProvider')).toMatchObject({ value: true });
    expect(isOfType(tor, 'anonymousVpn')).toMatchObject({ value: false });
    expect(isOfType(bytes('203.0.113.7'), 'publicProxy')).toMatchObject({ value: true });
    expect(isOfType(bytes('8.8.8.8'), 'torExitNode')).toMatchObject({ value: false });
    expect(isOfType(tor, 'bot')).toMatchObject({ why: 'not-configured' });
  });

  it('know connections', () => {
    const { connection } = addresses();
    expect(connection(bytes('198.51.100.7'))).toMatchObject({ value: 'residential' });
    expect(connection(bytes('203.0.113.7'))).toMatchObject({ value: 'datacentre' });
    expect(connection(bytes('192.0.2.7'))).toMatchObject({ why: 'not-in-data' });
  });

  it('are asked nothing about a peer without an address', () => {
    expect(addresses().region(undefined)).toMatchObject({ why: 'no-input' });
    expect(addresses().isOfType(undefined, 'torExitNode')).toMatchObject({ why: 'no-input' });
  });
});

describe('a database that is missing or damaged', () => {
  const good = FILES['geo.mmdb'];
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['missing', {}, 'missing-intelligence-file'],
    ['empty', { 'geo.mmdb': '' }, 'bad-intelligence-data'],
    ['something else', { 'geo.mmdb': 'a,b\n' }, 'bad-intelligence-data'],
    ['cut off', { 'geo.mmdb': good.slice(0, good.length / 2) }, 'bad-intelligence-data'],
    ['without its tree', { 'geo.mmdb': good.slice(-200) }, 'bad-intelligence-data'],
  ];

  it.each(cases)('is off when it is %s', (_name, files, code) => {
    const { intelligence, diagnostics } = intelligenceOf({ geo: { mmdb: 'geo.mmdb' } }, files);
    expect(diagnostics).toMatchObject([{ severity: 'warning', code }]);
    expect(diagnostics[0]?.message).toContain('geo.mmdb');
    expect(intelligence.addresses.region(bytes('198.51.100.7'))).toMatchObject({
      why: 'source-off',
    });
  });

  it('never throws, whichever bytes are wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const file = Buffer.from(good, 'latin1');
          for (const [at, byte] of changes) file[at] = byte;
          const { intelligence } = intelligenceOf(
            { geo: { mmdb: 'geo.mmdb' } },
            { 'geo.mmdb': file.toString('latin1') },
          );
          for (const address of ['198.51.100.7', '203.0.113.7', '2001:db8::7', '::1']) {
            intelligence.addresses.region(bytes(address));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
