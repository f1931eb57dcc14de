// Prints tokens the way libinjection's own tests do: the kind's letter, a space, the text with its
// quotes and sigils. Quotes that are not in the input do not print.

import { foldTokens } from '../../../src/library/injection/sqli-fold.ts';
import {
  blankToken,
  KIND_LETTERS,
  type SqlToken,
  tokenText,
} from '../../../src/library/injection/sqli-token.ts';
import {
  readToken,
  type SqlDialect,
  type SqlQuote,
  startScan,
} from '../../../src/library/injection/sqli-tokens.ts';

function quote(code: number): string {
  return code === 0 ? '' : String.fromCharCode(code);
}

export function printToken(token: SqlToken): string {
  const text = '@'.repeat(token.sigils) + quote(token.open) + tokenText(token) + quote(token.close);
  return `${KIND_LETTERS[token.kind]} ${text}`;
}

/** The tokens of `input` before folding. */
export function printTokens(
  input: string,
  dialect: SqlDialect = 'ansi',
  context: SqlQuote = 0,
): string[] {
  const scan = startScan(input, context, dialect);
  const lines: string[] = [];
  for (;;) {
    const token = blankToken();
    if (!readToken(scan, token)) return lines;
    lines.push(printToken(token));
  }
}

/** The tokens of `input` after folding. */
export function printFolded(
  input: string,
  dialect: SqlDialect = 'ansi',
  context: SqlQuote = 0,
): string[] {
  return foldTokens(startScan(input, context, dialect)).map(printToken);
}
