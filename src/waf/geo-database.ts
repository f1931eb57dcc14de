// Opens GeoIP databases, held in memory: MaxMind's MMDB format, and for rules the legacy one (.dat) as well.

import { Reader, type Response } from 'mmdb-lib';
import { fromByteString } from '../base/bytes.ts';
import { formatIp } from '../base/ip.ts';
import { DatError, datKindAt, openDatDatabase } from '../library/geo/dat-database.ts';
import type { GeoDatabase } from '../model/operator.ts';

/** Undefined when the bytes are no such database. */
export function openGeoDatabase(bytes: string): GeoDatabase | undefined {
  let reader: Reader<Response>;
  try {
    reader = new Reader<Response>(Buffer.from(fromByteString(bytes)));
  } catch {
    return undefined;
  }
  const { ipVersion } = reader.metadata;
  return {
    find: (address) => {
      // An IPv4 database would take the first bits of an IPv6 address for an address of its own.
      if (ipVersion === 4 && address.length !== 4) return undefined;
      return reader.get(formatIp(address)) ?? undefined;
    },
  };
}

/** For @geoLookup: either format; a text says why the bytes are none that can be read. */
export function openGeoDatabaseOfRules(bytes: string): GeoDatabase | string {
  const database = openGeoDatabase(bytes);
  if (database !== undefined) return database;
  if (datKindAt(bytes) === undefined) return 'it is neither in the MMDB nor in the legacy format';
  try {
    return openDatDatabase(bytes);
  } catch (error) {
    if (!(error instanceof DatError)) throw error;
    return error.message;
  }
}
