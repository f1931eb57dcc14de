// Reads the quoted forms of SQL: strings in their dialects, and quoted names.
//
// Each reader gets the input and the index where the form starts, fills the token, and returns the
// index after the form; 0 means that the text is not of this form. Unclosed forms run to the end of
// the input, so every byte is read at most twice.

import { endOfRun, LETTER, MONEY } from './sql-bytes.ts';
import { wordKind } from './sqli-keywords.ts';
import { kind, type SqlToken, setToken } from './sqli-token.ts';

const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const AMPERSAND = 0x26;
const SINGLE_QUOTE = 0x27;
const DOT = 0x2e;
const BACKSLASH = 0x5c;
const BACKTICK = 0x60;
/** The mark of a string whose quotes are more than one char, as `q'(` or `u&'`. */
const Q = 0x71;
const U = 0x75;

/** True for an odd number of backslashes right before `at`, none of them before `floor`. */
function isEscaped(input: string, at: number, floor: number): boolean {
  let before = at - 1;
  while (before >= floor && input.charCodeAt(before) === BACKSLASH) before--;
  return ((at - 1 - before) & 1) === 1;
}

/**
 * Reads a string whose text starts at `textStart` and ends at the first `quote` that is neither
 * escaped nor doubled.
 *
 * `open` is the quote that stands before the text, or 0 when the input is read as if one did.
 */
export function readQuoted(
  token: SqlToken,
  input: string,
  textStart: number,
  quote: number,
  open: number,
): number {
  const mark = quote === SINGLE_QUOTE ? "'" : quote === DOUBLE_QUOTE ? '"' : '`';
  token.open = open;
  let at = input.indexOf(mark, textStart);
  while (at >= 0) {
    if (isEscaped(input, at, textStart)) {
      at = input.indexOf(mark, at + 1);
    } else if (input.charCodeAt(at + 1) === quote) {
      at = input.indexOf(mark, at + 2);
    } else {
      setToken(token, kind.string, input, textStart, at - textStart);
      token.close = quote;
      return at + 1;
    }
  }
  setToken(token, kind.string, input, textStart, input.length - textStart);
  token.close = 0;
  return input.length;
}

/** Reads a MySQL name in backticks: a function when it names one, else a bare word. */
export function readBacktick(token: SqlToken, input: string, start: number): number {
  const end = readQuoted(token, input, start + 1, BACKTICK, BACKTICK);
  const found = wordKind(input, token.start, token.start + token.length);
  token.kind = found === kind.function ? kind.function : kind.bareword;
  return end;
}

/** Reads `[name]`, with its brackets, as a bare word. */
export function readBracket(token: SqlToken, input: string, start: number): number {
  const close = input.indexOf(']', start);
  const end = close < 0 ? input.length : close + 1;
  setToken(token, kind.bareword, input, start, end - start);
  return end;
}

/** Reads `e'...'` and `n'...'`. */
export function readPrefixed(token: SqlToken, input: string, start: number): number {
  if (start + 2 >= input.length || input.charCodeAt(start + 1) !== SINGLE_QUOTE) return 0;
  return readQuoted(token, input, start + 2, SINGLE_QUOTE, SINGLE_QUOTE);
}

/** Reads `u&'...'`. */
export function readUnicode(token: SqlToken, input: string, start: number): number {
  if (
    input.charCodeAt(start + 1) !== AMPERSAND ||
    input.charCodeAt(start + 2) !== SINGLE_QUOTE ||
    start + 2 >= input.length
  ) {
    return 0;
  }
  const end = readQuoted(token, input, start + 3, SINGLE_QUOTE, U);
  if (token.close === SINGLE_QUOTE) token.close = U;
  return end;
}

/** Reads Oracle's `q'[...]'`, where `start` is the index of the `q`. */
export function readOracle(token: SqlToken, input: string, start: number): number {
  if (
    start + 2 >= input.length ||
    (input.charCodeAt(start) | 0x20) !== Q ||
    input.charCodeAt(start + 1) !== SINGLE_QUOTE
  ) {
    return 0;
  }
  // libinjection compares a signed char, so bytes from 0x80 up are no delimiters.
  const opening = input.charCodeAt(start + 2);
  if (opening <= 0x20 || opening >= 0x80) return 0;
  const close = input.indexOf(closingDelimiter(opening) + "'", start + 3);
  const textEnd = close < 0 ? input.length : close;
  setToken(token, kind.string, input, start + 3, textEnd - start - 3);
  token.open = Q;
  token.close = close < 0 ? 0 : Q;
  return close < 0 ? input.length : close + 2;
}

function closingDelimiter(opening: number): string {
  switch (opening) {
    case 0x28:
      return ')';
    case 0x5b:
      return ']';
    case 0x7b:
      return '}';
    case 0x3c:
      return '>';
    default:
      return String.fromCharCode(opening);
  }
}

/** Reads sums of money (`$1,000.00`), PostgreSQL's `$$...$$` and `$tag$...$tag$`, or a lone `$`. */
export function readDollar(token: SqlToken, input: string, start: number): number {
  const sumEnd = endOfRun(input, start + 1, MONEY);
  if (sumEnd === start + 2 && input.charCodeAt(start + 1) === DOT) return 0;
  if (sumEnd > start + 1) {
    setToken(token, kind.number, input, start, sumEnd - start);
    return sumEnd;
  }
  if (input.charCodeAt(start + 1) === DOLLAR) {
    return readDollarQuoted(token, input, start + 2, input.indexOf('$$', start + 2), 2);
  }
  const nameEnd = endOfRun(input, start + 1, LETTER);
  if (nameEnd === start + 1 || input.charCodeAt(nameEnd) !== DOLLAR) {
    setToken(token, kind.bareword, input, start, 1);
    return start + 1;
  }
  const tag = input.slice(start, nameEnd + 1);
  return readDollarQuoted(token, input, nameEnd + 1, closingTag(input, start, tag), tag.length);
}

// libinjection looks for the closing tag in a window that is `start` bytes too early, and takes the
// string for unclosed when it meets the opening tag there. Parity, because it decides fingerprints.
function closingTag(input: string, start: number, tag: string): number {
  const at = input.indexOf(tag, tag.length);
  const inWindow = at >= 0 && at + tag.length <= input.length - start;
  return inWindow && at >= start + tag.length ? at : -1;
}

function readDollarQuoted(
  token: SqlToken,
  input: string,
  textStart: number,
  close: number,
  markLength: number,
): number {
  const textEnd = close < 0 ? input.length : close;
  setToken(token, kind.string, input, textStart, textEnd - textStart);
  token.open = DOLLAR;
  token.close = close < 0 ? 0 : DOLLAR;
  return close < 0 ? input.length : close + markLength;
}
