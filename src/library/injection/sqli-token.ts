// Tokens of SQL as the detector sees them: their kinds, and the letters that fingerprints are made of.
//
// A token points into the text it was read from instead of copying it, so reading one allocates
// nothing. Kinds are small integers so that a set of kinds is one bit mask.

/** Kinds of token. The order is that of KIND_LETTERS. */
export const kind = {
  none: 0,
  keyword: 1,
  union: 2,
  group: 3,
  expression: 4,
  sqlType: 5,
  function: 6,
  bareword: 7,
  number: 8,
  variable: 9,
  string: 10,
  operator: 11,
  logic: 12,
  comment: 13,
  collate: 14,
  tsql: 15,
  leftParenthesis: 16,
  rightParenthesis: 17,
  leftBrace: 18,
  rightBrace: 19,
  dot: 20,
  comma: 21,
  colon: 22,
  semicolon: 23,
  backslash: 24,
  unknown: 25,
  /** Text that no honest client sends and that databases read in different ways. */
  evil: 26,
} as const;

/** The letter of each kind in a fingerprint. */
export const KIND_LETTERS = '\0kUBEtfn1vso&cAT(){}.,:;\\?X';

/** The longest text that a token keeps; what follows is skipped in the input but never looked at. */
export const MAX_TOKEN_LENGTH = 31;

/** One token. `open` and `close` are char codes, 0 when the quote is imaginary or missing. */
export interface SqlToken {
  kind: number;
  source: string;
  start: number;
  length: number;
  open: number;
  close: number;
  /** How many `@` precede a variable's name. */
  sigils: number;
}

/** A token that has not been read yet. */
export function blankToken(): SqlToken {
  return { kind: kind.none, source: '', start: 0, length: 0, open: 0, close: 0, sigils: 0 };
}

/** Makes `token` the `length` chars of `source` at `start`, cut to what a token keeps. */
export function setToken(
  token: SqlToken,
  tokenKind: number,
  source: string,
  start: number,
  length: number,
): void {
  token.kind = tokenKind;
  token.source = source;
  token.start = start;
  token.length = Math.min(length, MAX_TOKEN_LENGTH);
}

/** Makes `to` what `from` is. */
export function copyToken(to: SqlToken, from: SqlToken): void {
  to.kind = from.kind;
  to.source = from.source;
  to.start = from.start;
  to.length = from.length;
  to.open = from.open;
  to.close = from.close;
  to.sigils = from.sigils;
}

/** The token's text, without quotes or sigils. */
export function tokenText(token: SqlToken): string {
  return token.source.slice(token.start, token.start + token.length);
}

/** The char code at `at` in the token's text, 0 past its end. */
export function codeInToken(token: SqlToken, at: number): number {
  return at < token.length ? token.source.charCodeAt(token.start + at) : 0;
}

/** The set of `kinds` as a bit mask, for `isOneOf`. */
export function kindSet(...kinds: number[]): number {
  let set = 0;
  for (const each of kinds) set |= 1 << each;
  return set;
}

export function isOneOf(token: SqlToken, set: number): boolean {
  return ((1 << token.kind) & set) !== 0;
}
