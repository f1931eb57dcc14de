// Who the client is when proxies stand in front of us, and what we tell the upstream about it: what an
// untrusted peer claims is neither believed nor passed on.

import { resolveHops, type TrustedProxies } from '../http/forwarded.ts';
import type { Endpoint, Header } from '../model/exchange.ts';
import { fieldTokens, fieldValues } from './http1/fields.ts';

/** The client, as seen through the proxies that are trusted. */
export function resolveClient(
  peer: Endpoint,
  headers: readonly Header[],
  trusted: TrustedProxies,
): Endpoint {
  return resolveHops(peer, fieldValues(headers, 'x-forwarded-for'), trusted);
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
