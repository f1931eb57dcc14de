// @geoLookup. The address is in the GeoIP database; GEO then tells where it is.
//
// Host names are not resolved, which ModSecurity v2 does. Without a database nothing matches.
// Coraza's own build has no database and matches always.

import { mappedIpv4, parseIp } from '../../base/ip.ts';
import { PORTCULLIS } from '../../model/compatibility.data.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { isDatRecord } from '../geo/dat-database.ts';
import { datFields } from '../geo/dat-fields.ts';
import { geoFields } from '../geo/geo-fields.ts';

export const geoLookup: OperatorDefinition = Object.freeze({
  name: 'geoLookup',
  summary: 'the value is an address that the GeoIP database knows; fills GEO',
  argument: 'optional',
  macros: false,
  compile: (_argument, context) => {
    const { geoDatabase } = context;
    if (context.behaviour?.geoLookup === 'always') return { evaluate: () => true };
    if (geoDatabase === undefined) {
      context.warn({
        code: 'missing-geo-database',
        message: 'there is no GeoIP database, so @geoLookup never matches',
        help: 'name one: SecGeoLookupDb GeoLite2-City.mmdb',
      });
      return { evaluate: () => false };
    }
    const ways = (context.behaviour ?? PORTCULLIS).geoRecords;
    return {
      evaluate: (value, run) => {
        const address = parseIp(value);
        if (address === null) return false;
        const record = geoDatabase.find(mappedIpv4(address) ?? address);
        if (record === undefined) return false;
        run.transaction.setGeo(isDatRecord(record) ? datFields(record, ways) : geoFields(record));
        run.detail = `Geo lookup for "${value}" succeeded`;
        return true;
      },
    };
  },
} satisfies OperatorDefinition);
