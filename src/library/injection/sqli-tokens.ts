// Cuts a value into SQL tokens, in the dialect and the quoting context that the caller assumes.
//
// The reading is lenient: every byte string has tokens, broken literals run to the end, and a byte
// means what the most permissive database takes it for. Each byte is read a bounded number of times.

import { isByteOf, startOfRun, VARIABLE_END, WHITE, WORD_END } from './sql-bytes.ts';
import { wordKind } from './sqli-keywords.ts';
import { readBits, readHex, readNumber } from './sqli-numbers.ts';
import {
  readBacktick,
  readBracket,
  readDollar,
  readOracle,
  readPrefixed,
  readQuoted,
  readUnicode,
} from './sqli-strings.ts';
import { kind, MAX_TOKEN_LENGTH, type SqlToken, setToken } from './sqli-token.ts';

/** How the databases disagree on comments: MySQL knows `#`, and wants white space after `--`. */
export type SqlDialect = 'ansi' | 'mysql';

/** The quote that the value is assumed to stand in: none, `'` or `"`. */
export type SqlQuote = 0 | 0x22 | 0x27;

/** One reading of a value. */
export interface SqlScan {
  readonly input: string;
  readonly quote: SqlQuote;
  readonly dialect: SqlDialect;
  position: number;
  /** Tokens read so far, before any folding. */
  tokenCount: number;
  /** True after something that ANSI SQL and MySQL read differently. */
  isAmbiguous: boolean;
}

export function startScan(input: string, quote: SqlQuote, dialect: SqlDialect): SqlScan {
  return { input, quote, dialect, position: 0, tokenCount: 0, isAmbiguous: false };
}

/** Reads the next token into `token`; false, with a blank token, at the end of the input. */
export function readToken(scan: SqlScan, token: SqlToken): boolean {
  const { input } = scan;
  token.kind = kind.none;
  token.source = input;
  token.start = 0;
  token.length = 0;
  token.open = 0;
  token.close = 0;
  token.sigils = 0;
  if (input.length === 0) return false;
  if (scan.position === 0 && scan.quote !== 0) {
    scan.position = readQuoted(token, input, 0, scan.quote, 0);
    scan.tokenCount++;
    return true;
  }
  const { length } = input;
  let at = scan.position;
  while (at < length && READERS[input.charCodeAt(at)] === reader.white) at++;
  if (at >= length) {
    scan.position = length;
    return false;
  }
  scan.position = readAt(scan, token, at);
  scan.tokenCount++;
  return true;
}

/** Which function below reads a token that starts with a byte. */
const reader = {
  word: 0,
  white: 1,
  punctuation: 2,
  operator: 3,
  longOperator: 4,
  unknown: 5,
  quoted: 6,
  hash: 7,
  dollar: 8,
  dash: 9,
  number: 10,
  slash: 11,
  variable: 12,
  bits: 13,
  prefixed: 14,
  national: 15,
  oracle: 16,
  unicode: 17,
  hex: 18,
  bracket: 19,
  backslash: 20,
  backtick: 21,
} as const;

const READERS: Uint8Array = readers();

function readers(): Uint8Array {
  const table = new Uint8Array(256).fill(reader.word);
  table.fill(reader.white, 0, 0x21);
  table[0x7f] = reader.white;
  table[0xa0] = reader.white;
  const assign = (bytes: string, each: number): void => {
    for (let at = 0; at < bytes.length; at++) table[bytes.charCodeAt(at)] = each;
  };
  assign('(),;{}', reader.punctuation);
  assign('%+^~', reader.operator);
  assign('!&*:<=>|', reader.longOperator);
  assign('?]', reader.unknown);
  assign('\'"', reader.quoted);
  assign('#', reader.hash);
  assign('$', reader.dollar);
  assign('-', reader.dash);
  assign('.0123456789', reader.number);
  assign('/', reader.slash);
  assign('@', reader.variable);
  assign('bB', reader.bits);
  assign('eE', reader.prefixed);
  assign('nN', reader.national);
  assign('qQ', reader.oracle);
  assign('uU', reader.unicode);
  assign('xX', reader.hex);
  assign('[', reader.bracket);
  assign('\\', reader.backslash);
  assign('`', reader.backtick);
  return table;
}

function readAt(scan: SqlScan, token: SqlToken, start: number): number {
  const { input } = scan;
  const code = input.charCodeAt(start);
  switch (READERS[code]) {
    case reader.punctuation:
      return readOne(token, punctuationKind(code), input, start);
    case reader.operator:
      return readOne(token, kind.operator, input, start);
    case reader.longOperator:
      return readOperator(token, input, start);
    case reader.unknown:
      return readOne(token, kind.unknown, input, start);
    case reader.quoted:
      return readQuoted(token, input, start + 1, code, code);
    case reader.hash:
      return readHash(scan, token, start);
    case reader.dollar:
      return readDollar(token, input, start) || readWord(token, input, start);
    case reader.dash:
      return readDash(scan, token, start);
    case reader.number:
      return readNumber(token, input, start);
    case reader.slash:
      return readSlash(token, input, start);
    case reader.variable:
      return readVariable(token, input, start);
    case reader.bits:
      return readBits(token, input, start) || readWord(token, input, start);
    case reader.prefixed:
      return readPrefixed(token, input, start) || readWord(token, input, start);
    case reader.national:
      return (
        readPrefixed(token, input, start) ||
        readOracle(token, input, start + 1) ||
        readWord(token, input, start)
      );
    case reader.oracle:
      return readOracle(token, input, start) || readWord(token, input, start);
    case reader.unicode:
      return readUnicode(token, input, start) || readWord(token, input, start);
    case reader.hex:
      return readHex(token, input, start) || readWord(token, input, start);
    case reader.bracket:
      return readBracket(token, input, start);
    case reader.backslash:
      return readBackslash(token, input, start);
    case reader.backtick:
      return readBacktick(token, input, start);
    default:
      return readWord(token, input, start);
  }
}

function readOne(token: SqlToken, tokenKind: number, input: string, start: number): number {
  setToken(token, tokenKind, input, start, 1);
  return start + 1;
}

function punctuationKind(code: number): number {
  switch (code) {
    case 0x28:
      return kind.leftParenthesis;
    case 0x29:
      return kind.rightParenthesis;
    case 0x2c:
      return kind.comma;
    case 0x3b:
      return kind.semicolon;
    case 0x7b:
      return kind.leftBrace;
    default:
      return kind.rightBrace;
  }
}

function readOperator(token: SqlToken, input: string, start: number): number {
  if (start + 1 >= input.length) return readOne(token, kind.operator, input, start);
  if (input.startsWith('<=>', start)) {
    setToken(token, kind.operator, input, start, 3);
    return start + 3;
  }
  const found = wordKind(input, start, start + 2);
  if (found !== kind.none) {
    setToken(token, found, input, start, 2);
    return start + 2;
  }
  const isColon = input.charCodeAt(start) === 0x3a;
  return readOne(token, isColon ? kind.colon : kind.operator, input, start);
}

function readLineComment(token: SqlToken, input: string, start: number): number {
  const newline = input.indexOf('\n', start);
  const end = newline < 0 ? input.length : newline;
  setToken(token, kind.comment, input, start, end - start);
  return newline < 0 ? end : end + 1;
}

function readHash(scan: SqlScan, token: SqlToken, start: number): number {
  scan.isAmbiguous = true;
  return scan.dialect === 'mysql'
    ? readLineComment(token, scan.input, start)
    : readOne(token, kind.operator, scan.input, start);
}

function readDash(scan: SqlScan, token: SqlToken, start: number): number {
  const { input } = scan;
  if (input.charCodeAt(start + 1) === 0x2d) {
    const isPlain = start + 2 === input.length || isByteOf(input.charCodeAt(start + 2), WHITE);
    if (isPlain) return readLineComment(token, input, start);
    if (scan.dialect === 'ansi') {
      scan.isAmbiguous = true;
      return readLineComment(token, input, start);
    }
  }
  return readOne(token, kind.operator, input, start);
}

function readSlash(token: SqlToken, input: string, start: number): number {
  if (input.charCodeAt(start + 1) !== 0x2a) return readOne(token, kind.operator, input, start);
  const close = input.indexOf('*/', start + 2);
  const end = close < 0 ? input.length : close + 2;
  // PostgreSQL nests comments, others do not; MySQL runs the text of `/*!`.
  const isEvil =
    input.charCodeAt(start + 2) === 0x21 || (close >= 0 && opensWithin(input, start + 2, close));
  setToken(token, isEvil ? kind.evil : kind.comment, input, start, end - start);
  return end;
}

/** True when a second comment opens in the body; its `*` may be that of the closing mark. */
function opensWithin(input: string, from: number, close: number): boolean {
  for (let at = from; at < close; at++) {
    if (input.charCodeAt(at) === 0x2f && input.charCodeAt(at + 1) === 0x2a) return true;
  }
  return false;
}

function readBackslash(token: SqlToken, input: string, start: number): number {
  // `\N` is NULL in MySQL; the small `\n` is not.
  if (input.charCodeAt(start + 1) !== 0x4e) return readOne(token, kind.backslash, input, start);
  setToken(token, kind.number, input, start, 2);
  return start + 2;
}

function readVariable(token: SqlToken, input: string, start: number): number {
  const sigils = input.charCodeAt(start + 1) === 0x40 ? 2 : 1;
  const name = start + sigils;
  token.sigils = sigils;
  const code = name < input.length ? input.charCodeAt(name) : 0;
  let end: number;
  if (code === 0x60) {
    end = readBacktick(token, input, name);
  } else if (code === 0x27 || code === 0x22) {
    end = readQuoted(token, input, name + 1, code, code);
  } else {
    end = startOfRun(input, name, VARIABLE_END);
    setToken(token, kind.variable, input, name, end - name);
  }
  token.kind = kind.variable;
  return end;
}

function readWord(token: SqlToken, input: string, start: number): number {
  const end = startOfRun(input, start, WORD_END);
  setToken(token, kind.bareword, input, start, end - start);
  const kept = start + token.length;
  for (let at = start; at < kept; at++) {
    const code = input.charCodeAt(at);
    if (code !== 0x2e && code !== 0x60) continue;
    // "SELECT.1" and "SELECT`column`" are a keyword and what follows it.
    const found = wordKind(input, start, at);
    if (found !== kind.none && found !== kind.bareword) {
      setToken(token, found, input, start, at - start);
      return at;
    }
  }
  if (end - start <= MAX_TOKEN_LENGTH) {
    const found = wordKind(input, start, end);
    if (found !== kind.none) token.kind = found;
  }
  return end;
}
