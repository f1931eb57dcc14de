// Reads databases in MaxMind's legacy format (.dat): GeoIP Country, Region and City.
//
// A binary tree over the bits of an address, each node two pointers of three bytes; a pointer at or above the number
// of nodes is an answer. What kind of database it is stands behind 0xff 0xff 0xff near the end of the file.
// MaxMind published the last one in 2019; they stay in use because rule sets name them.
//
// Promise: whatever the bytes are, opening ends in a database or a `DatError`, and a lookup in a record or in none.

import type { ByteString } from '../../base/bytes.ts';
import type { GeoDatabase } from '../../model/operator.ts';
import { DAT_COUNTRIES } from './dat-countries.data.ts';

/** What a legacy database knows of an address. */
export interface DatRecord {
  readonly format: 'dat';
  readonly countryCode: string;
  readonly countryName: string;
  readonly continent: string;
  /** A code; what it means depends on the country. */
  readonly region?: string | undefined;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly dmaCode?: number | undefined;
  readonly areaCode?: number | undefined;
}

/** The bytes are no database that can be read here. */
export class DatError extends Error {
  override readonly name: string = 'DatError';
}

export function isDatRecord(record: unknown): record is DatRecord {
  return typeof record === 'object' && record !== null && 'format' in record;
}

const POINTER = 3;
/** How far before the end of the file the kind of database may stand. */
const INFO_REACH = 20;
const MARK = '\xff\xff\xff';
const FIRST_KIND = 106;

const COUNTRY_BEGIN = 16_776_960;
const REGION_BEGIN_0 = 16_700_000;
const REGION_BEGIN_1 = 16_000_000;
const CANADA_BEGIN = 677;
const WORLD_BEGIN = 1353;
const REGIONS_OF_COUNTRY = 360;
const US_BEGIN_0 = 1000;
const US = DAT_COUNTRIES.findIndex((line) => line.startsWith('US '));
const CANADA = DAT_COUNTRIES.findIndex((line) => line.startsWith('CA '));

interface Edition {
  readonly addressBytes: 4 | 16;
  readonly nodes: number;
  readonly record: (answer: number) => DatRecord | undefined;
}

/** Throws `DatError`. */
export function openDatDatabase(bytes: ByteString): GeoDatabase {
  const { addressBytes, nodes, record } = editionOf(bytes);
  return {
    find: (address) => {
      if (address.length !== addressBytes) return undefined;
      const answer = walk(bytes, address, nodes);
      return answer === undefined ? undefined : record(answer);
    },
  };
}

/** Where the kind of database stands; undefined when this is no legacy database at all. */
export function datKindAt(bytes: ByteString): number | undefined {
  for (let at = bytes.length - MARK.length; at >= 0; at--) {
    if (bytes.length - MARK.length - at >= INFO_REACH) return undefined;
    if (bytes.startsWith(MARK, at)) return at + MARK.length;
  }
  return undefined;
}

function editionOf(bytes: ByteString): Edition {
  const kindAt = datKindAt(bytes);
  if (kindAt === undefined) throw new DatError('it does not say what kind of database it is');
  const kind = byteAt(bytes, kindAt);
  if (kind === undefined) throw new DatError('it ends before it says what kind of database it is');
  switch (kind >= FIRST_KIND ? kind - (FIRST_KIND - 1) : kind) {
    case 1:
      return country(4);
    case 12:
      return country(16);
    case 3:
      return { addressBytes: 4, nodes: REGION_BEGIN_1, record: regionRevision1 };
    case 7:
      return { addressBytes: 4, nodes: REGION_BEGIN_0, record: regionRevision0 };
    case 2:
      return city(bytes, kindAt + 1, 4, true);
    case 6:
      return city(bytes, kindAt + 1, 4, false);
    case 30:
      return city(bytes, kindAt + 1, 16, true);
    case 31:
      return city(bytes, kindAt + 1, 16, false);
    default:
      throw new DatError(
        `it is of kind ${kind}, which is not a Country (1), Region (3, 7) or City (2, 6) database`,
      );
  }
}

function country(addressBytes: 4 | 16): Edition {
  return {
    addressBytes,
    nodes: COUNTRY_BEGIN,
    record: (answer) => ofCountry(answer - COUNTRY_BEGIN),
  };
}

function city(bytes: ByteString, at: number, addressBytes: 4 | 16, hasCodes: boolean): Edition {
  const nodes = pointerAt(bytes, at);
  if (nodes === undefined) throw new DatError('it ends before it says how large its tree is');
  const recordsBegin = 2 * POINTER * nodes;
  const data = bytes.slice(0, at - 1 - MARK.length);
  if (nodes === 0 || recordsBegin >= data.length) {
    throw new DatError(`its tree has ${nodes} nodes, which do not fit into ${bytes.length} bytes`);
  }
  return {
    addressBytes,
    nodes,
    record: (answer) =>
      answer === nodes ? undefined : readCity(data, recordsBegin + answer - nodes, hasCodes),
  };
}

function byteAt(bytes: ByteString, at: number): number | undefined {
  return at >= 0 && at < bytes.length ? bytes.charCodeAt(at) : undefined;
}

/** Three bytes, the low one first. */
function pointerAt(bytes: ByteString, at: number): number | undefined {
  if (at < 0 || at + POINTER > bytes.length) return undefined;
  return bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8) | (bytes.charCodeAt(at + 2) << 16);
}

/** Undefined when the tree leads nowhere. */
function walk(bytes: ByteString, address: Uint8Array, nodes: number): number | undefined {
  let node = 0;
  for (const byte of address) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const side = (byte & mask) === 0 ? 0 : POINTER;
      const next = pointerAt(bytes, 2 * POINTER * node + side);
      if (next === undefined || next >= nodes) return next;
      node = next;
    }
  }
  return undefined;
}

function ofCountry(index: number, more: Partial<DatRecord> = {}): DatRecord | undefined {
  // The first of the list stands for "unknown".
  const line = index > 0 ? DAT_COUNTRIES[index] : undefined;
  if (line === undefined) return undefined;
  return {
    ...more,
    format: 'dat',
    countryCode: line.slice(0, 2),
    continent: line.slice(3, 5),
    countryName: line.slice(6),
  };
}

/** `AA` to `ZZ`, counted through. */
function letters(number: number): string {
  return String.fromCharCode(0x41 + Math.floor(number / 26), 0x41 + (number % 26));
}

function regionRevision0(answer: number): DatRecord | undefined {
  const place = answer - REGION_BEGIN_0;
  if (place < US_BEGIN_0) return ofCountry(place);
  return ofCountry(US, { region: letters(place - US_BEGIN_0) });
}

function regionRevision1(answer: number): DatRecord | undefined {
  const place = answer - REGION_BEGIN_1;
  if (place < 1) return undefined;
  if (place < CANADA_BEGIN) return ofCountry(US, { region: letters(place - 1) });
  if (place < WORLD_BEGIN) return ofCountry(CANADA, { region: letters(place - CANADA_BEGIN) });
  return ofCountry(Math.floor((place - WORLD_BEGIN) / REGIONS_OF_COUNTRY));
}

/** No text of a record is longer; without an end it would reach into other records. */
const LONGEST_TEXT = 255;

function readCity(bytes: ByteString, from: number, hasCodes: boolean): DatRecord | undefined {
  const index = byteAt(bytes, from);
  if (index === undefined) return undefined;
  let at = from + 1;
  const text = (): string | undefined => {
    const end = bytes.indexOf('\0', at);
    if (end < 0 || end - at > LONGEST_TEXT) return undefined;
    const value = bytes.slice(at, end);
    at = end + 1;
    return value;
  };
  const region = text();
  const cityName = region === undefined ? undefined : text();
  const postalCode = cityName === undefined ? undefined : text();
  if (postalCode === undefined) return ofCountry(index);
  const number = (): number | undefined => {
    const value = pointerAt(bytes, at);
    at += POINTER;
    return value;
  };
  const latitude = number();
  const longitude = number();
  const codes = hasCodes && index === US ? number() : undefined;
  return ofCountry(index, {
    region: region || undefined,
    city: cityName || undefined,
    postalCode: postalCode || undefined,
    latitude: degrees(latitude),
    longitude: degrees(longitude),
    dmaCode: codes === undefined ? undefined : Math.floor(codes / 1000),
    areaCode: codes === undefined ? undefined : codes % 1000,
  });
}

function degrees(stored: number | undefined): number | undefined {
  return stored === undefined ? undefined : stored / 10_000 - 180;
}
