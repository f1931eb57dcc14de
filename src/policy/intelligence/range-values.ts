// What range lists may say of a range, by kind: texts of lists to values of facts.

import { asciiLower } from '../../base/ascii.ts';
import type { ByteString } from '../../base/bytes.ts';
import { type ConnectionType, IP_TYPES } from '../document/criteria.ts';
import type { ListedIpType, RangeKind } from './schema.ts';

export interface Region {
  /** ISO 3166-1 alpha-2, capitals. */
  readonly country: string;
  /** ISO 3166-2 without the country: `CA` of `US-CA`. */
  readonly subdivision: string | undefined;
}

export interface RangeValues {
  readonly ipType: ListedIpType;
  readonly connection: ConnectionType;
  /** 0 (worst) to 100. */
  readonly reputation: number;
  readonly region: Region;
  readonly asn: number;
  /** A byte string. */
  readonly organisation: ByteString;
}

interface Reader<T> {
  /** Undefined when the text is no such value. */
  readonly read: (text: ByteString) => T | undefined;
  /** Goes on from "expected ". */
  readonly expected: string;
}

export const LISTED_IP_TYPES: readonly ListedIpType[] = Object.freeze([...IP_TYPES, 'scanner']);

const CONNECTION_TYPES: readonly ConnectionType[] = Object.freeze([
  'residential',
  'mobile',
  'corporate',
  'datacentre',
  'education',
]);

/** Lists write `TOR_EXIT_NODE`, `tor-exit-node` and `torExitNode`. */
function word<T extends string>(
  values: readonly T[],
  aliases: Readonly<Record<string, T>>,
): Reader<T> {
  const plain = (text: string): string => asciiLower(text).replace(/[ _-]/g, '');
  const known = new Map<string, T>(values.map((value) => [plain(value), value]));
  for (const [alias, value] of Object.entries(aliases)) known.set(alias, value);
  return { read: (text) => known.get(plain(text)), expected: values.join(', ') };
}

function integer(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

export function parseRegion(text: string): Region | undefined {
  const parts = /^([A-Za-z]{2})(?:-([A-Za-z0-9]{1,3}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, country = '', subdivision] = parts;
  return { country: country.toUpperCase(), subdivision: subdivision?.toUpperCase() };
}

export function parseAsn(text: string): number | undefined {
  return integer(text.replace(/^AS/i, ''), 0, 0xffffffff);
}

export const RANGE_VALUES: { readonly [K in RangeKind]: Reader<RangeValues[K]> } = Object.freeze({
  ipType: word(LISTED_IP_TYPES, {
    vpn: 'anonymousVpn',
    hosting: 'hostingProvider',
    proxy: 'publicProxy',
    tor: 'torExitNode',
  }),
  connection: word(CONNECTION_TYPES, {
    datacenter: 'datacentre',
    cellular: 'mobile',
  }),
  reputation: {
    read: (text: string) => integer(text, 0, 100),
    expected: 'a whole number from 0, the worst, to 100',
  },
  region: { read: parseRegion, expected: 'a country like DE or a subdivision like US-CA' },
  asn: { read: parseAsn, expected: 'a number of an autonomous system, like 64496 or AS64496' },
  organisation: {
    read: (text: ByteString) => (text === '' ? undefined : text),
    expected: 'a name',
  },
});
