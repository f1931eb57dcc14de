// @ipMatchFromFile. As @ipMatch, with the addresses and prefixes in files.
//
// One or more a line, separated by commas; `#` begins a comment anywhere in a line.

import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { dataLines, readDataFiles } from './data-files.ts';
import { matchPrefixes, parsePrefixList } from './ip-list.ts';

export const ipMatchFromFile: OperatorDefinition = Object.freeze({
  name: 'ipMatchFromFile',
  aliases: Object.freeze(['ipMatchF']),
  summary: 'the value is an IP address in a list of prefixes from files',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const lines = dataLines(readDataFiles(argument, context));
    const { behaviour } = context;
    const comment = behaviour?.addressComments === 'whole-lines' ? /^\s*#.*/ : /#.*/;
    const prefixes = lines.flatMap(({ text, file, line }) =>
      parsePrefixList(text.replace(comment, ''), (item) => {
        if (behaviour?.brokenAddresses === 'ignored') return;
        throw new OperatorArgumentError(
          `"${item}" in ${file}:${line} is not an IP address or prefix`,
          { code: 'bad-ip-prefix', offset: argument.indexOf(file), length: file.length },
        );
      }),
    );
    return matchPrefixes(prefixes, behaviour?.mappedAddresses);
  },
} satisfies OperatorDefinition);
