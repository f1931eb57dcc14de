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

export interface DataFile {
  readonly name: string;
  readonly text: string;
}

/** All files that the argument names, separated by white space. */
export function readDataFiles(argument: string, context: OperatorContext): readonly DataFile[] {
  const files: DataFile[] = [];
  const names = /[^\t-\r ]+/g;
  for (let found = names.exec(argument); found !== null; found = names.exec(argument)) {
    const name = found[0];
    const data = context.readData(name);
    if (data === undefined) {
      throw new OperatorArgumentError(`there is no data file "${name}"`, {
        code: 'missing-data-file',
        offset: found.index,
        length: name.length,
        help: 'paths are relative to the rule file',
      });
    }
    const text = data.startsWith(BYTE_ORDER_MARK) ? data.slice(BYTE_ORDER_MARK.length) : data;
    files.push({ name, text });
  }
  if (files.length === 0) throw new OperatorArgumentError('no file name, expected at least one');
  return files;
}

/**
 * The lines of all files.
 *
 * White space around a line goes, unless it is wanted `asWritten`; empty lines and those that begin with `#` are left out.
 */
export function dataLines(files: readonly DataFile[], asWritten = false): DataLine[] {
  const lines: DataLine[] = [];
  for (const { name, text } of files) {
    let line = 0;
    for (const written of text.split('\n')) {
      line++;
      const trimmed = asciiTrim(written);
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      lines.push({ text: asWritten ? written : trimmed, file: name, line });
    }
  }
  return lines;
}
