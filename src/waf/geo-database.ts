// Opens a GeoIP database in MaxMind's MMDB format, held in memory.

import { Reader, type Response } from 'mmdb-lib';
import { fromByteString } from '../base/bytes.ts';
import { formatIp } from '../base/ip.ts';
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
