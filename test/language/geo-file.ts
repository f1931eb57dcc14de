// A GeoIP database in MaxMind's MMDB format with one record: 0.0.0.0/1 is in Switzerland, the rest unknown.

type Value = string | number | readonly string[] | { readonly [key: string]: Value };

const byte = String.fromCharCode;

function encoded(value: Value): string {
  if (typeof value === 'string') return byte((2 << 5) | value.length) + value;
  if (typeof value === 'number') return byte((6 << 5) | 2, value >> 8, value & 0xff);
  if (Array.isArray(value)) return byte(value.length, 4) + value.map(encoded).join('');
  const members = Object.entries(value).map(([key, member]) => encoded(key) + encoded(member));
  return byte((7 << 5) | members.length) + members.join('');
}

const NODES = 1;
// The first bit decides: 0 leads to the record, behind the tree and 16 bytes of nothing; 1 to no record.
const TREE = byte(0, 0, NODES + 16, 0, 0, NODES);

export const GEO_FILE: string = [
  TREE,
  '\0'.repeat(16),
  encoded({ country: { iso_code: 'CH', names: { en: 'Switzerland' } } }),
  '\xab\xcd\xefMaxMind.com',
  encoded({
    node_count: NODES,
    record_size: 24,
    ip_version: 4,
    database_type: 'Test-Country',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
    description: { en: 'one network' },
  }),
].join('');
