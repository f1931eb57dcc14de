// What @ipMatch and @ipMatchFromFile share: is the value an address in one of some prefixes?

import { asciiTrim, firstNonSpace } from '../../base/ascii.ts';
import { type IpPrefix, parseIp, parsePrefix } from '../../base/ip.ts';
import { buildPrefixSet } from '../../base/prefix-set.ts';
import type { CompiledOperator } from '../../model/operator.ts';

/**
 * Reads prefixes separated by commas. Blanks around them and empty items do not count.
 *
 * `refuse` is told of an item that is neither an address nor a prefix, and where it is; it throws.
 */
export function parsePrefixList(
  list: string,
  refuse: (item: string, offset: number) => never,
): IpPrefix[] {
  const prefixes: IpPrefix[] = [];
  let offset = 0;
  for (const written of list.split(',')) {
    const item = asciiTrim(written);
    if (item !== '') {
      prefixes.push(parsePrefix(item) ?? refuse(item, offset + firstNonSpace(written)));
    }
    offset += written.length + 1;
  }
  return prefixes;
}

/** A value that is no address does not match. IPv4 inside IPv6 is IPv6. */
export function matchPrefixes(prefixes: readonly IpPrefix[]): CompiledOperator {
  const set = buildPrefixSet(prefixes);
  return {
    evaluate: (value, run) => {
      const address = parseIp(value);
      if (address === null || !set.contains(address)) return false;
      run.detail = `IPmatch: "${value}" matched`;
      return true;
    },
  };
}
