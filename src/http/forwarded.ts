// Who the client is when proxies stand in front of us: what the chain of forwarded addresses proves.
//
// Such a header can be written by anyone, so only what trusted proxies appended counts: the list is read
// from the right, and the first address that no trusted proxy vouches for is the client.

import { formatIp, mappedIpv4, parseIp, parsePrefix } from '../base/ip.ts';
import { buildPrefixSet } from '../base/prefix-set.ts';
import type { Endpoint } from '../model/exchange.ts';

export interface TrustedProxies {
  /** Whether the proxy at this address, `distance` hops from us (0: our peer), may name its client. */
  isTrusted(address: string, distance: number): boolean;
}

export const NO_TRUSTED_PROXIES: TrustedProxies = Object.freeze({ isTrusted: () => false });

/** That many proxies stand in front of us, wherever they are. */
export function trustedHops(hops: number): TrustedProxies {
  return { isTrusted: (_address, distance) => distance < hops };
}

/**
 * Proxies at these addresses and CIDR ranges. Throws `RangeError` naming the item that is neither.
 */
export function trustedRanges(ranges: readonly string[]): TrustedProxies {
  const prefixes = ranges.map((range) => {
    const prefix = parsePrefix(range);
    if (prefix !== null) return prefix;
    throw new RangeError(`"${range}" is neither a number of hops, an address nor a CIDR range`);
  });
  const set = buildPrefixSet(prefixes.map(ipv4Prefix));
  return {
    isTrusted: (address) => {
      const bytes = parsePlainIp(address);
      return bytes !== null && set.contains(bytes);
    },
  };
}

function ipv4Prefix({ address, bits }: { address: Uint8Array; bits: number }): {
  readonly address: Uint8Array;
  readonly bits: number;
} {
  const ipv4 = mappedIpv4(address);
  return ipv4 === null || bits < 96 ? { address, bits } : { address: ipv4, bits: bits - 96 };
}

/**
 * `2`: that many proxies stand in front of us. Otherwise a comma-separated list of addresses and CIDR
 * ranges. Throws `RangeError` naming the part that is neither.
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const trimmed = text.trim();
  if (/^\d{1,3}$/.test(trimmed)) return trustedHops(Number(trimmed));
  return trustedRanges(trimmed.split(',').map((part) => part.trim()));
}

/**
 * The client, as seen through the proxies that are trusted. `values` are the header's lines, in order.
 */
export function resolveHops(
  peer: Endpoint,
  values: readonly string[],
  trusted: TrustedProxies,
): Endpoint {
  let client = peer;
  if (!trusted.isTrusted(peer.address, 0)) return client;
  const claims = values
    .flatMap((value) => value.split(','))
    .map((claim) => claim.trim())
    .filter((claim) => claim !== '');
  for (let distance = 0; trusted.isTrusted(client.address, distance); distance++) {
    const claim = claims.pop();
    const next = claim === undefined ? undefined : parseEndpoint(claim);
    // Junk ends the chain: the last address that is certain is better than a guess.
    if (next === undefined) break;
    client = next;
  }
  return client;
}

/**
 * The elements of a `Forwarded` header (RFC 7239) as those of `X-Forwarded-For`: what each says in `for`.
 * One that says nothing is `unknown`, and no address: it ends the chain, as everything unreadable does.
 */
export function forwardedFor(values: readonly string[]): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .filter((element) => element.trim() !== '')
    .map((element) => {
      const pairs = element.split(';').map((pair) => pair.trim());
      const value = pairs.find((pair) => /^for=/i.test(pair))?.slice('for='.length) ?? '';
      return (/^"[^"]*"$/.test(value) ? value.slice(1, -1) : value) || 'unknown';
    });
}

/** `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]`, `[::1]:80`. A port that is not given is 0. */
function parseEndpoint(text: string): Endpoint | undefined {
  const parts = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([\d.]{7,15}))(?::(\d{1,5}))?$/.exec(text);
  const address = parts?.[1] ?? parts?.[2] ?? text;
  const bytes = parsePlainIp(address);
  if (bytes === null) return undefined;
  return { address: formatIp(bytes), port: Number(parts?.[3] ?? 0) };
}

/** The bytes of an address: 4 also when a dual-stack socket shows IPv4 as `::ffff:1.2.3.4`. */
export function parsePlainIp(text: string): Uint8Array | null {
  const bytes = parseIp(text);
  return bytes === null ? null : (mappedIpv4(bytes) ?? bytes);
}

/** IPv4 addresses as IPv4, also when a dual-stack socket shows them as `::ffff:1.2.3.4`. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address;
}
