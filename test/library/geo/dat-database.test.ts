import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatError, openDatDatabase } from '../../../src/library/geo/dat-database.ts';
import { datCityFile, datPlainFile, EL_SEGUNDO } from '../../support/dat.ts';

const ZURICH = {
  network: '192.0.2.0/25',
  country: 43,
  region: '25',
  city: 'Z\xfcrich',
  latitude: 47.3667,
  longitude: 8.55,
};
const address = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number));

describe('a City database of the legacy format', () => {
  it('knows the places of its networks and of no others', () => {
    const { find } = openDatDatabase(datCityFile([EL_SEGUNDO, ZURICH]));
    expect(find(address('64.17.254.216'))).toEqual({
      format: 'dat',
      countryCode: 'US',
      countryName: 'United States',
      continent: 'NA',
      region: 'CA',
      city: 'El Segundo',
      postalCode: '90245',
      latitude: expect.closeTo(33.9164, 9),
      longitude: expect.closeTo(-118.404, 9),
      dmaCode: 803,
      areaCode: 310,
    });
    expect(find(address('192.0.2.127'))).toMatchObject({ city: 'Z\xfcrich', countryCode: 'CH' });
    expect(find(address('192.0.2.128'))).toBeUndefined();
    expect(find(address('10.0.0.1'))).toBeUndefined();
    expect(find(new Uint8Array(16))).toBeUndefined();
  });

  it('of its first revision has no metro and area codes', () => {
    const { codes: _, ...segundo } = EL_SEGUNDO;
    const { find } = openDatDatabase(datCityFile([segundo, ZURICH], 6));
    expect(find(address('64.17.254.1'))).toMatchObject({ dmaCode: undefined, city: 'El Segundo' });
  });

  it('of kinds counted from 106 is the same', () => {
    const { find } = openDatDatabase(datCityFile([EL_SEGUNDO], 2 + 105));
    expect(find(address('64.17.254.1'))).toMatchObject({ city: 'El Segundo' });
  });

  it('gives what is whole of a record that is cut short', () => {
    const whole = datCityFile([ZURICH]);
    const at = whole.indexOf('\xfcrich');
    const { find } = openDatDatabase(`${whole.slice(0, at)}${whole.slice(-7)}`);
    expect(find(address('192.0.2.1'))).toEqual({
      format: 'dat',
      countryCode: 'CH',
      countryName: 'Switzerland',
      continent: 'EU',
    });
  });
});

describe('a Country database of the legacy format', () => {
  const { find } = openDatDatabase(
    datPlainFile(1, [
      { network: '64.0.0.0/8', answer: 225 },
      { network: '65.0.0.0/8', answer: 250 + 200 },
    ]),
  );

  it('knows countries alone', () => {
    expect(find(address('64.1.2.3'))).toEqual({
      format: 'dat',
      countryCode: 'US',
      countryName: 'United States',
      continent: 'NA',
    });
  });

  it.each(['10.0.0.1', '65.1.2.3'])('knows nothing of %s', (text) => {
    expect(find(address(text))).toBeUndefined();
  });
});

describe('a Region database of the legacy format', () => {
  it('counts states of the United States and Canada, then countries', () => {
    const letters = 2 * 26;
    const { find } = openDatDatabase(
      datPlainFile(3, [
        { network: '1.0.0.0/8', answer: 1 + letters },
        { network: '2.0.0.0/8', answer: 677 + letters + 1 },
        { network: '3.0.0.0/8', answer: 1353 + 43 * 360 },
      ]),
    );
    expect(find(address('1.1.1.1'))).toMatchObject({ countryCode: 'US', region: 'CA' });
    expect(find(address('2.1.1.1'))).toMatchObject({ countryCode: 'CA', region: 'CB' });
    expect(find(address('3.1.1.1'))).toMatchObject({ countryCode: 'CH' });
    expect(find(address('4.1.1.1'))).toBeUndefined();
  });

  it('of its first revision knows states of the United States', () => {
    const { find } = openDatDatabase(
      datPlainFile(7, [
        { network: '1.0.0.0/8', answer: 1000 + 2 * 26 },
        { network: '2.0.0.0/8', answer: 43 },
      ]),
    );
    expect(find(address('1.1.1.1'))).toMatchObject({ countryCode: 'US', region: 'CA' });
    expect(find(address('2.1.1.1'))).toMatchObject({ countryCode: 'CH' });
  });
});

describe('a damaged legacy database', () => {
  it.each([
    ['nothing', ''],
    ['no mark', 'x'.repeat(100)],
    ['a mark too far from the end', `\xff\xff\xff\x02${'x'.repeat(30)}`],
    ['no kind behind the mark', '\xff\xff\xff'],
    ['a kind that is not read here', 'abc\xff\xff\xff\x05abc'],
    ['no size of the tree', 'abc\xff\xff\xff\x02'],
    ['a tree larger than the file', 'abc\xff\xff\xff\x02\xff\xff\x0f'],
    ['an empty tree', 'abc\xff\xff\xff\x02\0\0\0'],
  ])('is refused: %s', (_what, bytes) => {
    expect(() => openDatDatabase(bytes)).toThrow(DatError);
  });

  it('never throws at a lookup, whatever its bytes are', () => {
    const good = datCityFile([EL_SEGUNDO, ZURICH]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 8), fc.nat(255)), { maxLength: 40 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (changes, asked) => {
          const bytes = [...good];
          for (const [at, value] of changes) bytes[at] = String.fromCharCode(value);
          const { find } = openDatDatabase(bytes.join(''));
          for (const one of [asked, address('64.17.254.1'), address('192.0.2.1')]) {
            const found = find(one);
            expect(found === undefined || typeof found === 'object').toBe(true);
          }
        },
      ),
    );
  });
});
