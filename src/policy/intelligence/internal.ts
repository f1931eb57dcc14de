// Which addresses are internal: rows that block a source leave them alone unless the policy says otherwise.

import { type IpPrefix, parsePrefix } from '../../base/ip.ts';
import { buildPrefixSet } from '../../base/prefix-set.ts';
import { plainPrefix } from './address-range.ts';

/** Private (RFC 1918, RFC 4193), loopback and link-local. */
const INTERNAL: readonly string[] = Object.freeze([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1',
  'fc00::/7',
  'fe80::/10',
]);

/** `extra` are prefixes that the schema has checked. */
export function internalPrefixes(extra: readonly string[]): readonly IpPrefix[] {
  return [...INTERNAL, ...extra].flatMap((text) => parsePrefix(text) ?? []).map(plainPrefix);
}

/** For 4 or 16 bytes of an address. */
export function internalTest(extra: readonly string[]): (address: Uint8Array) => boolean {
  return buildPrefixSet(internalPrefixes(extra)).contains;
}
