// Writes databases in MaxMind's MMDB format (version 2), so that tests have the records they need.

import { parsePrefix } from '../../src/base/ip.ts';

export type MmdbValue =
  | string
  | number
  | boolean
  | readonly MmdbValue[]
  | { readonly [key: string]: MmdbValue };

const TYPES = { string: 2, uint16: 5, uint32: 6, map: 7, array: 11, boolean: 14 } as const;
const RECORD_BYTES = 4;

interface Node {
  readonly children: [Node | number | undefined, Node | number | undefined];
}

/** Records by prefix, in one tree of IPv6 with IPv4 at `::/96`. A byte string. */
export function mmdb(records: Readonly<Record<string, MmdbValue>>): string {
  const root: Node = { children: [undefined, undefined] };
  let data = Buffer.alloc(0);
  for (const [range, record] of Object.entries(records)) {
    const offset = data.length;
    data = Buffer.concat([data, encode(record)]);
    insert(root, bitsOf(range), offset);
  }
  const nodes: Node[] = [];
  const number = (node: Node): void => {
    nodes.push(node);
    for (const child of node.children) if (typeof child === 'object') number(child);
  };
  number(root);
  const tree = Buffer.alloc(nodes.length * RECORD_BYTES * 2);
  const place = new Map(nodes.map((node, at) => [node, at]));
  for (const [at, { children }] of nodes.entries()) {
    for (const [side, child] of children.entries()) {
      const value =
        child === undefined
          ? nodes.length
          : typeof child === 'number'
            ? nodes.length + 16 + child
            : (place.get(child) ?? 0);
      tree.writeUInt32BE(value, (at * 2 + side) * RECORD_BYTES);
    }
  }
  const metadata = encode({
    node_count: nodes.length,
    record_size: 32,
    ip_version: 6,
    database_type: 'Test',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: 'made by a test' },
  });
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ]).toString('latin1');
}

function bitsOf(range: string): readonly number[] {
  const prefix = parsePrefix(range);
  if (prefix === null) throw new TypeError(`${range} is no prefix`);
  const isIpv4 = prefix.address.length === 4;
  const bytes = isIpv4 ? [...new Uint8Array(12), ...prefix.address] : [...prefix.address];
  const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
  return bits.slice(0, prefix.bits + (isIpv4 ? 96 : 0));
}

function insert(root: Node, bits: readonly number[], offset: number): void {
  let node = root;
  for (const [at, bit] of bits.entries()) {
    if (at === bits.length - 1) {
      node.children[bit] = offset;
      return;
    }
    const child = node.children[bit];
    if (typeof child === 'number') throw new TypeError('prefixes must not overlap');
    const next: Node = child ?? { children: [undefined, undefined] };
    node.children[bit] = next;
    node = next;
  }
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([control(TYPES.string, bytes.length), bytes]);
  }
  if (typeof value === 'boolean') return control(TYPES.boolean, value ? 1 : 0);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(TYPES.uint32, 4), bytes]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(TYPES.array, value.length), ...value.map(encode)]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([
    control(TYPES.map, entries.length),
    ...entries.flatMap(([key, member]) => [encode(key), encode(member)]),
  ]);
}

function control(type: number, size: number): Buffer {
  const shown = Math.min(size, 29);
  const long = size < 29 ? [] : [size - 29];
  if (size >= 29 + 256) throw new TypeError('values of that size are not written');
  return type < 8
    ? Buffer.from([(type << 5) | shown, ...long])
    : Buffer.from([shown, type - 7, ...long]);
}
