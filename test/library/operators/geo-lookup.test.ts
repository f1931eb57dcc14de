import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { geoFields } from '../../../src/library/geo/geo-fields.ts';
import { openGeoDatabase } from '../../../src/waf/geo-database.ts';
import { datCityFile, EL_SEGUNDO } from '../../support/dat.ts';
import { filesOf, judge } from '../../support/matched-rules.ts';
import { recordingTransaction } from '../../support/operator-run.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';
import { run } from './harness.ts';

const MMDB = sharedPath('modsecurity', 'data', 'GeoIP2-City-Test.mmdb');

describe('@geoLookup', () => {
  const asked: string[] = [];
  const geoDatabase = {
    find: (address: Uint8Array) => {
      asked.push(address.join('.'));
      return address[0] === 192 ? { country: { iso_code: 'DE' } } : undefined;
    },
  };

  it('fills GEO for an address that the database knows', () => {
    const transaction = recordingTransaction();
    expect(run('geoLookup', '', '192.0.2.1', { geoDatabase, transaction }).matched).toBe(true);
    expect(transaction.geo).toEqual([
      { key: 'COUNTRY_CODE', value: 'DE' },
      { key: 'COUNTRY_CODE3', value: 'DEU' },
    ]);
  });

  it('leaves GEO alone for an address that the database does not know', () => {
    const transaction = recordingTransaction();
    transaction.setGeo([{ key: 'COUNTRY_CODE', value: 'FR' }]);
    expect(run('geoLookup', '', '10.0.0.1', { geoDatabase, transaction }).matched).toBe(false);
    expect(transaction.geo).toEqual([{ key: 'COUNTRY_CODE', value: 'FR' }]);
  });

  it('looks up the IPv4 address inside a mapped IPv6 address', () => {
    asked.length = 0;
    expect(run('geoLookup', '', '::ffff:192.0.2.1', { geoDatabase }).matched).toBe(true);
    expect(asked).toEqual(['192.0.2.1']);
  });

  it.each(['', 'www.example.org', '192.0.2', '192.0.2.1 ', '\xff'])(
    'does not match %j, which is no address',
    (value) => {
      expect(run('geoLookup', '', value, { geoDatabase }).matched).toBe(false);
    },
  );

  it('loads without a database, warns, and matches nothing', () => {
    const rules = `SecRuleEngine On
SecRule ARGS:x "@geoLookup" "id:1,phase:1,pass"
SecRule ARGS:x "!@geoLookup" "id:2,phase:1,pass"`;
    const { matched, codes } = judge(rules, { uri: '/?x=8.8.8.8' });
    expect(matched).toEqual([2]);
    expect(codes).toEqual(['missing-geo-database', 'missing-geo-database']);
  });

  it.each([
    ['missing', {}],
    ['in no known format', { 'geo.dat': 'nothing of the kind' }],
    ['in the legacy format and damaged', { 'geo.dat': 'abc\xff\xff\xff\x02\xff\xff\x0f' }],
  ])('refuses to load with a database that is %s', (_reason, files) => {
    const rules = 'SecRuleEngine On\nSecGeoLookupDb geo.dat';
    expect(judge(rules, {}, filesOf(files)).codes).toEqual(['bad-geo-database']);
  });
});

describe('@geoLookup with a database in the legacy format', () => {
  const files = filesOf({
    'geo.dat': datCityFile([EL_SEGUNDO]),
  });
  const client = { address: '64.17.254.216', port: 123 };
  const common = [
    ['COUNTRY_CODE', 'US'],
    ['COUNTRY_CODE3', 'USA'],
    ['COUNTRY_NAME', 'United States'],
    ['COUNTRY_CONTINENT', 'NA'],
    ['CITY', 'El Segundo'],
    ['POSTAL_CODE', '90245'],
    ['DMA_CODE', '803'],
    ['AREA_CODE', '310'],
  ] as const;
  const exact = [
    ['REGION', 'CA'],
    ['LATITUDE', '33.916400'],
    ['LONGITUDE', '-118.404000'],
  ] as const;
  // What ModSecurity's own cases expect of libmodsecurity.
  const asLibmodsecurity = [
    ['REGION', 'California'],
    ['LATITUDE', '33.916401'],
    ['LONGITUDE', '-118.403999'],
  ] as const;

  it.each([
    ...[...common, ...exact].map(([key, value]) => ['portcullis', key, value] as const),
    ...[...common, ...asLibmodsecurity].map(
      ([key, value]) => ['modsecurity3', key, value] as const,
    ),
  ])('under %s sets GEO:%s to %s', (compatibility, key, value) => {
    const rules = `SecRuleEngine On
SecCompatibility ${compatibility}
SecGeoLookupDb geo.dat
SecRule REMOTE_ADDR "@geoLookup" "id:1,phase:1,pass,nolog"
SecRule GEO:${key} "@streq ${value}" "id:2,phase:1,pass"`;
    expect(judge(rules, { client }, files).matched).toEqual([1, 2]);
  });
});

describe('the fields of GEO', () => {
  it('are those of the record, as bytes in UTF-8, with coordinates to six places', () => {
    const record = {
      city: { names: { de: 'München', en: 'Zürich' } },
      subdivisions: [{ names: { en: 'Zurich' } }, { names: { en: 'inner' } }],
      postal: { code: '8000' },
      location: { latitude: 47.3667, longitude: 8.55, metro_code: 803 },
    };
    expect(Object.fromEntries(geoFields(record).map(({ key, value }) => [key, value]))).toEqual({
      REGION: 'Zurich',
      CITY: 'Z\xc3\xbcrich',
      POSTAL_CODE: '8000',
      LATITUDE: '47.366700',
      LONGITUDE: '8.550000',
      DMA_CODE: '803',
    });
  });

  it.each([undefined, null, 'text', 7, [], { country: null }, { country: { iso_code: 7 } }])(
    'are none for the odd record %j',
    (record) => {
      expect(geoFields(record)).toEqual([]);
    },
  );
});

describeShared("@geoLookup with MaxMind's test database", MMDB, () => {
  const files = filesOf({ 'city.mmdb': readFileSync(MMDB, 'latin1') });
  const client = { address: '200.249.12.31', port: 123 };

  it.each([
    ['COUNTRY_CODE', 'BR'],
    ['COUNTRY_CODE3', 'BRA'],
    ['COUNTRY_NAME', 'Brazil'],
    ['COUNTRY_CONTINENT', 'South America'],
    ['CITY', 'Recife'],
    ['POSTAL_CODE', '50040090'],
    ['LATITUDE', '-8.051502'],
    ['LONGITUDE', '-34.874919'],
  ])('sets GEO:%s to %s', (key, value) => {
    const rules = `SecRuleEngine On
SecRule REMOTE_ADDR "@geoLookup" "id:1,phase:1,pass,nolog"
SecRule GEO:${key} "@streq ${value}" "id:2,phase:1,pass"
SecGeoLookupDb city.mmdb`;
    expect(judge(rules, { client }, files)).toEqual({ matched: [1, 2], codes: [], errors: [] });
  });

  it('knows nothing of an address that no network of the database holds', () => {
    const rules =
      'SecRuleEngine On\nSecGeoLookupDb city.mmdb\nSecRule ARGS "@geoLookup" "id:1,phase:1,pass"';
    expect(judge(rules, { uri: '/?x=10.0.0.1&y=2001:db8::1' }, files).matched).toEqual([]);
  });

  it('takes no damaged file for a database', () => {
    const bytes = readFileSync(MMDB, 'latin1');
    expect(openGeoDatabase(bytes.slice(0, bytes.length / 2))).toBeUndefined();
    expect(openGeoDatabase('')).toBeUndefined();
  });
});
