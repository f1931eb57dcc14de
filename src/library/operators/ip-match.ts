// @ipMatch. The value is an IP address in one of the comma-separated addresses and prefixes.
//
// An invalid value is "no match", so that the negated operator matches. (In ModSecurity v2 neither does.)

import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { matchPrefixes, parsePrefixList } from './ip-list.ts';

export const ipMatch: OperatorDefinition = Object.freeze({
  name: 'ipMatch',
  summary: 'the value is an IP address in a list of prefixes',
  argument: 'required',
  macros: false,
  compile: (argument, { behaviour }) => {
    const ignores = behaviour?.brokenAddresses === 'ignored';
    const prefixes = parsePrefixList(argument, (item, offset) => {
      if (ignores) return;
      throw new OperatorArgumentError(`"${item}" is not an IP address or prefix`, {
        code: 'bad-ip-prefix',
        offset,
        length: item.length,
        help: 'write it in full, as 10.0.0.0/8 or 2001:db8::/32',
      });
    });
    if (prefixes.length === 0 && !ignores) {
      throw new OperatorArgumentError('no address, expected at least one');
    }
    return { ...matchPrefixes(prefixes, behaviour?.mappedAddresses), isPure: true };
  },
} satisfies OperatorDefinition);
