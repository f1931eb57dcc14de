// What @ipMatch and @ipMatchFromFile share: is the value an address in one of some prefixes?

import { asciiTrim, firstNonSpace } from '../../base/ascii.ts';
import { type IpPrefix, ipv4Number, mappedIpv4, parseIp, parsePrefix } from '../../base/ip.ts';
import { buildPrefixSet } from '../../base/prefix-set.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { CompiledOperator } from '../../model/operator.ts';

/**
 * Reads prefixes separated by commas. Blanks around them and empty items do not count.
 *
 * `refuse` is told of an item that is neither an address nor a prefix, and where it is.
 */
export function parsePrefixList(
  list: string,
  refuse: (item: string, offset: number) => void,
): IpPrefix[] {
  const prefixes: IpPrefix[] = [];
  let offset = 0;
  for (const written of list.split(',')) {
    const item = asciiTrim(written);
    if (item !== '') {
      const prefix = parsePrefix(item);
      if (prefix === null) refuse(item, offset + firstNonSpace(written));
      else prefixes.push(prefix);
    }
    offset += written.length + 1;
  }
  return prefixes;
}

/** A value that is no address does not match. IPv4 inside IPv6 is IPv6, unless `mapped` says otherwise. */
export function matchPrefixes(
  prefixes: readonly IpPrefix[],
  mapped: Behaviour['mappedAddresses'] = 'ipv6',
): CompiledOperator {
  const set = buildPrefixSet(prefixes);
  const contains = (value: string): boolean => {
    const number = ipv4Number(value);
    if (number >= 0) return set.containsIpv4(number);
    const written = parseIp(value);
    const address = (mapped === 'ipv4' && written !== null && mappedIpv4(written)) || written;
    return address !== null && set.contains(address);
  };
  return {
    evaluate: (value, run) => {
      if (!contains(value)) return false;
      run.detail = `IPmatch: "${value}" matched`;
      return true;
    },
  };
}
