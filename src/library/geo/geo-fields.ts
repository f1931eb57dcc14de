// What GEO holds for a record of a MaxMind City or Country database.
//
// Names and contents are those of libmodsecurity with such a database: continents and regions by their
// English names. (The legacy format has `SA` for `South America`: dat-fields.ts.)

import { utf8ByteString } from '../../base/bytes.ts';
import type { Pair } from '../../model/pair.ts';
import { COUNTRY_CODES } from './country-codes.data.ts';

type Path = readonly (string | number)[];

const TEXTS: readonly (readonly [key: string, path: Path])[] = [
  ['COUNTRY_CODE', ['country', 'iso_code']],
  ['COUNTRY_NAME', ['country', 'names', 'en']],
  ['COUNTRY_CONTINENT', ['continent', 'names', 'en']],
  ['REGION', ['subdivisions', 0, 'names', 'en']],
  ['CITY', ['city', 'names', 'en']],
  ['POSTAL_CODE', ['postal', 'code']],
];
const COORDINATES: readonly (readonly [key: string, path: Path])[] = [
  ['LATITUDE', ['location', 'latitude']],
  ['LONGITUDE', ['location', 'longitude']],
];
const METRO_CODE: Path = ['location', 'metro_code'];

const THREE_LETTERS: ReadonlyMap<string, string> = new Map(
  COUNTRY_CODES.split(' ').map((code) => [code.slice(0, 2), code.slice(2)]),
);

export function threeLetterCode(country: string): string | undefined {
  return THREE_LETTERS.get(country);
}

/** The members of GEO; those that the record has nothing for are absent. */
export function geoFields(record: unknown): readonly Pair[] {
  const fields: Pair[] = [];
  for (const [key, path] of TEXTS) {
    const value = valueAt(record, path);
    if (typeof value !== 'string') continue;
    fields.push({ key, value: utf8ByteString(value) });
    if (key !== 'COUNTRY_CODE') continue;
    const three = THREE_LETTERS.get(value);
    if (three !== undefined) fields.push({ key: 'COUNTRY_CODE3', value: three });
  }
  for (const [key, path] of COORDINATES) {
    const value = valueAt(record, path);
    if (typeof value === 'number') fields.push({ key, value: value.toFixed(6) });
  }
  const metro = valueAt(record, METRO_CODE);
  if (typeof metro === 'number') fields.push({ key: 'DMA_CODE', value: String(metro) });
  return fields;
}

function valueAt(record: unknown, path: Path): unknown {
  let value = record;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}
