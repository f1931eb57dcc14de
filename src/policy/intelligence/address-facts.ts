// What is known of an address: region, autonomous system, organisation, connection, reputation and types,
// each from the sources that the policy names, in their order.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ConnectionType } from '../document/criteria.ts';
import { type FileContext, loadDataFile, shortName } from './data-file.ts';
import {
  type AskAddress,
  askDatabase,
  asnOf,
  connectionOf,
  DATABASE_IP_TYPES,
  type Database,
  ipTypesOf,
  loadDatabase,
  organisationOf,
  regionOf,
} from './database.ts';
import { type Fact, firstKnown, known, type NotKnown, unknown } from './fact.ts';
import { everyValue, narrowest, parseRangeList } from './range-list.ts';
import type { RangeValues, Region } from './range-values.ts';
import type { IntelligenceResources, Locate } from './resources.ts';
import type { DatabaseOptions, IntelligenceOptions, ListedIpType, RangeKind } from './schema.ts';

/** Answers for 4 or 16 bytes of an address; undefined stands for a peer without one. Never throw. */
export interface AddressFacts {
  readonly region: (address: Uint8Array | undefined) => Fact<Region>;
  readonly asn: (address: Uint8Array | undefined) => Fact<number>;
  /** A byte string. */
  readonly organisation: (address: Uint8Array | undefined) => Fact<string>;
  readonly connection: (address: Uint8Array | undefined) => Fact<ConnectionType>;
  /** 0 (worst) to 100. */
  readonly reputation: (address: Uint8Array | undefined) => Fact<number>;
  /** Whether the address is of the type. */
  readonly isOfType: (address: Uint8Array | undefined, type: ListedIpType) => Fact<boolean>;
}

/** A source of types of addresses. What it does not cover it says nothing of. */
interface TypeSource {
  readonly name: string;
  /** Undefined while the source is off, and nobody knows what it would cover. */
  readonly covers: ReadonlySet<ListedIpType> | undefined;
  readonly ask: AskAddress<readonly ListedIpType[]>;
}

export function loadAddressFacts(
  options: IntelligenceOptions,
  { readFile, openGeoDatabase }: IntelligenceResources,
  locate: Locate,
  report: (diagnostic: Diagnostic) => void,
): AddressFacts {
  const context: FileContext = { readFile, report };
  const database = (section: 'geo' | 'asn' | 'ipTypes' | 'connections') => {
    const chosen: DatabaseOptions | undefined = options[section];
    if (chosen === undefined) return undefined;
    const place = locate(options, [section, 'mmdb']);
    return loadDatabase(chosen.mmdb, place, openGeoDatabase, context);
  };
  const [geo, asn, ipTypes, connections] = [
    database('geo'),
    database('asn'),
    database('ipTypes'),
    database('connections'),
  ];
  type Loading = typeof geo;
  const from = <T>(
    loaded: Loading,
    take: Parameters<typeof askDatabase<T>>[1],
  ): readonly AskAddress<T>[] => {
    if (loaded === undefined) return [];
    return [loaded.on ? askDatabase(loaded.data as Database, take) : () => loaded.why];
  };
  const lists = options.ranges.map((list, index) => ({
    kind: list.kind,
    name: shortName(list.file),
    loaded: loadDataFile(list.file, locate(options, ['ranges', index, 'file']), context, (file) =>
      parseRangeList(file, list),
    ),
  }));
  const listed = <K extends RangeKind>(kind: K): readonly AskAddress<RangeValues[K]>[] =>
    lists
      .filter((list) => list.kind === kind)
      .map(({ name, loaded }) => {
        if (!loaded.on) return () => loaded.why;
        const find = narrowest(loaded.data);
        return (address) => {
          const value = find(address) as RangeValues[K] | undefined;
          return value === undefined
            ? unknown('not-in-data', `not in ${name}`)
            : known(value, name);
        };
      });
  const types: readonly TypeSource[] = [
    ...(ipTypes === undefined ? [] : [databaseTypes(ipTypes)]),
    ...lists
      .filter(({ kind }) => kind === 'ipType')
      .map(({ name, loaded }): TypeSource => {
        if (!loaded.on) return { name, covers: undefined, ask: () => loaded.why };
        const find = everyValue(loaded.data);
        return {
          name,
          covers: new Set(loaded.data.values as readonly ListedIpType[]),
          ask: (address) => known((find(address) ?? []) as readonly ListedIpType[], name),
        };
      }),
  ];
  return {
    region: asked('region', [...listed('region'), ...from(geo, regionOf)]),
    asn: asked('ASN', [...listed('asn'), ...from(asn, asnOf)]),
    organisation: asked('organisation', [...listed('organisation'), ...from(asn, organisationOf)]),
    connection: asked('connection type', [
      ...listed('connection'),
      ...from(connections, connectionOf),
    ]),
    reputation: asked('reputation', listed('reputation')),
    isOfType: (address, type) => isOfType(types, address, type),
  };
}

function databaseTypes(loaded: NonNullable<ReturnType<typeof loadDatabase>>): TypeSource {
  if (!loaded.on) return { name: '', covers: undefined, ask: () => loaded.why };
  const { name, find } = loaded.data;
  return {
    name,
    covers: DATABASE_IP_TYPES,
    ask: (address) => {
      const record = find(address);
      if (record === 'damaged') {
        return unknown('source-off', `${name} is damaged where the address is`);
      }
      return known(record === undefined ? [] : ipTypesOf(record), name);
    },
  };
}

const NO_ADDRESS: NotKnown = unknown('no-input', 'the peer has no IP address');

/** Each kind of fact with the sources that the policy names for it. */
function asked<T>(
  what: string,
  sources: readonly AskAddress<T>[],
): (address: Uint8Array | undefined) => Fact<T> {
  const nobody = unknown('not-configured', `no source of ${what} is configured`);
  return (address) => {
    if (sources.length === 0) return nobody;
    if (address === undefined) return NO_ADDRESS;
    return firstKnown(
      sources.map((ask) => ask(address)),
      nobody,
    );
  };
}

/** True when one source says so; false only when every source that could say so is on and does not. */
function isOfType(
  sources: readonly TypeSource[],
  address: Uint8Array | undefined,
  type: ListedIpType,
): Fact<boolean> {
  if (address === undefined && sources.length > 0) return NO_ADDRESS;
  let answer: Fact<boolean> = unknown('not-configured', `no source of ${type} is configured`);
  for (const { name, covers, ask } of sources) {
    if (covers?.has(type) === false) continue;
    const types = ask(address as Uint8Array);
    if (!types.known) answer = types;
    else if (types.value.includes(type)) return known(true, name);
    else if (answer.known || answer.why === 'not-configured') answer = known(false, name);
  }
  return answer;
}
