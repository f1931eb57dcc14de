// Databases of addresses in MaxMind's format, in the layouts that are about: MaxMind's own, DB-IP's and
// IPinfo's.

import { asciiLower } from '../../base/ascii.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { GeoDatabase } from '../../model/operator.ts';
import type { ConnectionType } from '../document/criteria.ts';
import { type FileContext, type Loaded, off, shortName } from './data-file.ts';
import { type Fact, known, unknown } from './fact.ts';
import { parseAsn, parseRegion, type Region } from './range-values.ts';
import type { ListedIpType } from './schema.ts';

/** What a source says of 4 or 16 bytes of an address. Never throws. */
export type AskAddress<T> = (address: Uint8Array) => Fact<T>;

type Record_ = Readonly<Record<string, unknown>>;

export interface Database {
  readonly name: string;
  /** The record; `damaged` when the file's tree leads nowhere. */
  readonly find: (address: Uint8Array) => Record_ | 'damaged' | undefined;
}

/** The ends of both address lines and places in between: a damaged tree shows at one of them. */
const PROBES: readonly Uint8Array[] = Object.freeze(
  [0, 1, 64, 127, 128, 192, 223, 255].flatMap((first) => [
    Uint8Array.of(first, first, first, first),
    new Uint8Array(16).fill(first),
  ]),
);

export function loadDatabase(
  path: string,
  place: Span | undefined,
  open: (bytes: string) => GeoDatabase | undefined,
  { readFile, report }: FileContext,
): Loaded<Database> {
  const bytes = readFile(path);
  if (bytes === undefined) {
    report({
      severity: 'warning',
      code: 'missing-intelligence-file',
      message: `the file "${path}" does not exist or cannot be read, so this source is off`,
      span: place,
      help: 'correct the path, or take the source out of the policy',
    });
    return off(path, 'the file is missing');
  }
  const opened = open(bytes);
  const find = opened && guarded(opened);
  if (find === undefined || PROBES.some((address) => find(address) === 'damaged')) {
    report({
      severity: 'warning',
      code: 'bad-intelligence-data',
      message: `the file "${path}" is no database in MaxMind's MMDB format, or is damaged, so this source is off`,
      span: place,
      help: 'fetch it again, and put it in place in one step (mv), never by writing over it',
    });
    return off(path, 'the file is damaged');
  }
  return { on: true, data: { name: shortName(path), find } };
}

function guarded(database: GeoDatabase): Database['find'] {
  return (address) => {
    try {
      const record = database.find(address);
      return typeof record === 'object' && record !== null ? (record as Record_) : undefined;
    } catch {
      return 'damaged';
    }
  };
}

/** Asks the database; `take` answers undefined when the record says nothing of the kind. */
export function askDatabase<T>(
  { name, find }: Database,
  take: (record: Record_) => T | undefined,
): AskAddress<T> {
  return (address) => {
    const record = find(address);
    if (record === 'damaged')
      return unknown('source-off', `${name} is damaged where the address is`);
    const value = record === undefined ? undefined : take(record);
    return value === undefined ? unknown('not-in-data', `not in ${name}`) : known(value, name);
  };
}

/** Members by name, one inside the other; undefined when there is none. */
function member(record: unknown, ...names: readonly (string | number)[]): unknown {
  let value = record;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string | number, unknown>)[name];
  }
  return value;
}

const firstText = (...values: readonly unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '');

export function regionOf(record: Record_): Region | undefined {
  const country = firstText(
    member(record, 'country', 'iso_code'),
    member(record, 'country_code'),
    member(record, 'country'),
  );
  const region = country === undefined ? undefined : parseRegion(country);
  if (region === undefined) return undefined;
  const subdivision = firstText(
    member(record, 'subdivisions', 0, 'iso_code'),
    member(record, 'region_code'),
  );
  return { ...region, subdivision: subdivision?.toUpperCase() };
}

export function asnOf(record: Record_): number | undefined {
  const number =
    member(record, 'autonomous_system_number') ??
    member(record, 'traits', 'autonomous_system_number') ??
    member(record, 'asn');
  return typeof number === 'number' || typeof number === 'string'
    ? parseAsn(String(number))
    : undefined;
}

export function organisationOf(record: Record_): string | undefined {
  const text = firstText(
    member(record, 'organization'),
    member(record, 'autonomous_system_organization'),
    member(record, 'traits', 'organization'),
    member(record, 'traits', 'autonomous_system_organization'),
    member(record, 'as_name'),
    member(record, 'isp'),
  );
  return text === undefined ? undefined : utf8ByteString(text);
}

const FLAGS: readonly (readonly [flag: string, type: ListedIpType])[] = [
  ['is_anonymous_vpn', 'anonymousVpn'],
  ['is_hosting_provider', 'hostingProvider'],
  ['is_public_proxy', 'publicProxy'],
  ['is_residential_proxy', 'publicProxy'],
  ['is_tor_exit_node', 'torExitNode'],
];

/** What a database of anonymous addresses can say; an address it does not hold is none of these. */
export const DATABASE_IP_TYPES: ReadonlySet<ListedIpType> = new Set(FLAGS.map(([, type]) => type));

export function ipTypesOf(record: Record_): readonly ListedIpType[] {
  const found = FLAGS.filter(
    ([flag]) => member(record, flag) === true || member(record, 'traits', flag) === true,
  );
  return [...new Set(found.map(([, type]) => type))];
}

const CONNECTIONS: Readonly<Record<string, ConnectionType>> = Object.freeze({
  'cable/dsl': 'residential',
  dialup: 'residential',
  satellite: 'residential',
  residential: 'residential',
  cellular: 'mobile',
  corporate: 'corporate',
  business: 'corporate',
  government: 'corporate',
  hosting: 'datacentre',
  content_delivery_network: 'datacentre',
  college: 'education',
  school: 'education',
  library: 'education',
});

export function connectionOf(record: Record_): ConnectionType | undefined {
  // The kind of user tells data centres and schools apart, the kind of line does not.
  const texts = [
    member(record, 'traits', 'user_type'),
    member(record, 'user_type'),
    member(record, 'traits', 'connection_type'),
    member(record, 'connection_type'),
  ];
  for (const text of texts) {
    const found = typeof text === 'string' ? CONNECTIONS[asciiLower(text)] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
