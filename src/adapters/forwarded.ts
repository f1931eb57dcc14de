// Who the client is when proxies stand in front of us, and what we tell the upstream about it.
//
// X-Forwarded-For can be written by anyone, so only what trusted proxies appended counts: the list is
// read from the right, and the first address that no trusted proxy vouches for is the client. What an
// untrusted peer claims is neither believed nor passed on.

import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Endpoint, Header } from '../model/exchange.ts';
import { fieldTokens } from './http1/fields.ts';

export interface TrustedProxies {
  /** Whether the proxy at this address, `distance` hops from us (0: our peer), may name its client. */
  isTrusted(address: string, distance: number): boolean;
}

export const NO_TRUSTED_PROXIES: TrustedProxies = Object.freeze({ isTrusted: () => false });

/**
 * `2`: that many proxies stand in front of us. Otherwise a comma-separated list of addresses and CIDR
 * ranges. Throws `RangeError` naming the part that is neither.
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const trimmed = text.trim();
  if (/^\d{1,3}$/.test(trimmed)) {
    const hops = Number(trimmed);
    return { isTrusted: (_address, distance) => distance < hops };
  }
  const list = new BlockList();
  for (const part of trimmed.split(',')) addRange(list, part.trim());
  return { isTrusted: (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6') };
}

function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  const version = isIP(address);
  const maxBits = version === 4 ? 32 : 128;
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits);
  if (version === 0 || !isPrefix || range.split('/').length > 2) {
    throw new RangeError(`"${range}" is neither a number of hops, an address nor a CIDR range`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** The client, as seen through the proxies that are trusted. */
export function resolveClient(
  peer: Endpoint,
  headers: readonly Header[],
  trusted: TrustedProxies,
): Endpoint {
  let client = peer;
  if (!trusted.isTrusted(peer.address, 0)) return client;
  const claims = fieldTokens(headers, 'x-forwarded-for');
  for (let distance = 0; trusted.isTrusted(client.address, distance); distance++) {
    const claim = claims.pop();
    const next = claim === undefined ? undefined : parseEndpoint(claim);
    // Junk ends the chain: the last address that is certain is better than a guess.
    if (next === undefined) break;
    client = next;
  }
  return client;
}

/** `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]`, `[::1]:80`. A port that is not given is 0. */
function parseEndpoint(text: string): Endpoint | undefined {
  const parts = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([\d.]{7,15}))(?::(\d{1,5}))?$/.exec(text);
  const address = parts?.[1] ?? parts?.[2] ?? text;
  if (isIP(address) === 0) return undefined;
  return { address: plainAddress(address), port: Number(parts?.[3] ?? 0) };
}

/** IPv4 addresses as IPv4, also when a dual-stack socket shows them as `::ffff:1.2.3.4`. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address;
}

const CLAIMS: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
]);

/** The fields that tell the upstream who asked. Claims of an untrusted peer are replaced, not extended. */
export function withForwarding(
  headers: readonly Header[],
  peer: Endpoint,
  trusted: TrustedProxies,
): Header[] {
  const believed = trusted.isTrusted(peer.address, 0);
  const kept = headers.filter(([name]) => {
    // `X_Forwarded_For` is the same CGI variable as `X-Forwarded-For`.
    const lower = name.toLowerCase().replaceAll('_', '-');
    if (lower === 'x-forwarded-for') return false;
    return !CLAIMS.has(lower) || (believed && !name.includes('_'));
  });
  const chain = believed ? fieldTokens(headers, 'x-forwarded-for') : [];
  kept.push(['X-Forwarded-For', [...chain, peer.address].join(', ')]);
  if (!kept.some(([name]) => name.toLowerCase() === 'x-forwarded-proto')) {
    kept.push(['X-Forwarded-Proto', 'http']);
  }
  return kept;
}
