// @ipMatchFromDataset (Coraza). The value is an IP address in one of the prefixes of a SecDataset.
//
// What is no prefix does not load. Coraza leaves it out, and with it whoever it was meant for.

import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { namedDataset } from './datasets.ts';
import { matchPrefixes, parsePrefixList } from './ip-list.ts';

export const ipMatchFromDataset: OperatorDefinition = Object.freeze({
  name: 'ipMatchFromDataset',
  summary: 'the value is an IP address in a list of prefixes from a SecDataset',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const prefixes = namedDataset(argument, context).flatMap((line) =>
      parsePrefixList(line.replace(/#.*/, ''), (item) => {
        throw new OperatorArgumentError(
          `"${item}" in the dataset "${argument}" is not an IP address or prefix`,
          { code: 'bad-ip-prefix' },
        );
      }),
    );
    return matchPrefixes(prefixes);
  },
} satisfies OperatorDefinition);
