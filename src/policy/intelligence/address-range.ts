// Ranges of addresses as lists write them: one address, a prefix, or first and last.
//
// IPv4 in its IPv6 form is IPv4, so that a list and a dual-stack socket mean the same address.

import { type IpPrefix, mappedIpv4, parseIp, parsePrefix } from '../../base/ip.ts';

/** The prefixes that make up the range; undefined when the text is none. */
export function parseRange(text: string): readonly IpPrefix[] | undefined {
  const dash = text.indexOf('-');
  if (dash < 0) {
    const prefix = parsePrefix(text);
    return prefix === null ? undefined : [plainPrefix(prefix)];
  }
  const [first, last] = [text.slice(0, dash), text.slice(dash + 1)].map((part) => {
    const address = parseIp(part.trim());
    return address === null ? null : (mappedIpv4(address) ?? address);
  }) as [Uint8Array | null, Uint8Array | null];
  if (first === null || last === null || first.length !== last.length) return undefined;
  return prefixesBetween(number(first), number(last), first.length);
}

/** A prefix of IPv4 in its IPv6 form as one of IPv4. */
export function plainPrefix({ address, bits }: IpPrefix): IpPrefix {
  const ipv4 = bits < 96 ? null : mappedIpv4(address);
  return ipv4 === null ? { address, bits } : { address: ipv4, bits: bits - 96 };
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** At most two prefixes for each bit of the address. */
function prefixesBetween(first: bigint, last: bigint, length: number): IpPrefix[] | undefined {
  if (first > last) return undefined;
  const width = length * 8;
  const prefixes: IpPrefix[] = [];
  let at = first;
  while (at <= last) {
    let free = 0;
    while (free < width) {
      const size = 1n << BigInt(free + 1);
      if (at % size !== 0n || at + size - 1n > last) break;
      free++;
    }
    prefixes.push({ address: bytesOf(at, length), bits: width - free });
    at += 1n << BigInt(free);
  }
  return prefixes;
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) =>
    Number((value >> BigInt(8 * (length - 1 - at))) & 0xffn),
  );
}
