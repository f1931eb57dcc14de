// Data files of operators: found, read, and cut into lines that mean something.

import { asciiTrim } from '../../base/ascii.ts';
import { OperatorArgumentError, type OperatorContext } from '../../model/operator.ts';

export interface DataLine {
  readonly text: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * The lines of all files that the argument names, separated by white space.
 *
 * White space around a line goes, unless it is wanted `asWritten`; empty lines and those that begin with `#` are left out.
 */
export function readDataLines(
  argument: string,
  context: OperatorContext,
  asWritten = false,
): DataLine[] {
  const lines: DataLine[] = [];
  const names = /[^\t-\r ]+/g;
  let found = false;
  for (let name = names.exec(argument); name !== null; name = names.exec(argument)) {
    found = true;
    const file = name[0];
    const data = context.readData(file);
    if (data === undefined) {
      throw new OperatorArgumentError(`there is no data file "${file}"`, {
        code: 'missing-data-file',
        offset: name.index,
        length: file.length,
        help: 'paths are relative to the rule file',
      });
    }
    const text = data.startsWith(BYTE_ORDER_MARK) ? data.slice(BYTE_ORDER_MARK.length) : data;
    let line = 0;
    for (const written of text.split('\n')) {
      line++;
      const trimmed = asciiTrim(written);
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      lines.push({ text: asWritten ? written : trimmed, file, line });
    }
  }
  if (!found) throw new OperatorArgumentError('no file name, expected at least one');
  return lines;
}
