// What GEO holds for a record of a legacy database.
//
// ModSecurity v2 shows the code of a region and exact coordinates; libmodsecurity the region's name and coordinates
// of single precision (`-118.403999`). Regions have names here in the United States and Canada; elsewhere the code is
// shown. Texts are Latin-1, as they are in the file.

import type { Behaviour } from '../../model/compatibility.ts';
import type { Pair } from '../../model/pair.ts';
import { DAT_REGIONS } from './dat-countries.data.ts';
import type { DatRecord } from './dat-database.ts';
import { threeLetterCode } from './geo-fields.ts';

function regionName(country: string, code: string): string {
  const names = DAT_REGIONS[country]?.split(/,(?=[A-Z]{2}=)/) ?? [];
  return names.find((entry) => entry.startsWith(`${code}=`))?.slice(code.length + 1) ?? code;
}

/** The members of GEO; those that the record has nothing for are absent. */
export function datFields(record: DatRecord, ways: Behaviour['geoRecords']): readonly Pair[] {
  const { countryCode, region } = record;
  const isNamed = ways === 'libmodsecurity';
  const coordinate = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : (isNamed ? Math.fround(value) : value).toFixed(6);
  const members: readonly (readonly [key: string, value: string | undefined])[] = [
    ['COUNTRY_CODE', countryCode],
    ['COUNTRY_CODE3', threeLetterCode(countryCode) ?? countryCode],
    ['COUNTRY_NAME', record.countryName],
    ['COUNTRY_CONTINENT', record.continent],
    ['REGION', region !== undefined && isNamed ? regionName(countryCode, region) : region],
    ['CITY', record.city],
    ['POSTAL_CODE', record.postalCode],
    ['LATITUDE', coordinate(record.latitude)],
    ['LONGITUDE', coordinate(record.longitude)],
    ['DMA_CODE', record.dmaCode?.toString()],
    ['AREA_CODE', record.areaCode?.toString()],
  ];
  return members.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}
