// Folds a stream of SQL tokens into the few that tell an attack from text.
//
// Endless variations of an injection (1+1+1, ((((1)))), a.b.c, strings side by side) come down to the
// same five tokens. The rules look at a window of two, then three tokens at `left`; a rule that fires
// mostly starts over from the first token, because its result may fold with what stands before. The
// order of the rules decides the fingerprint, so it is that of libinjection.

import { isWord, phraseKind } from './sqli-keywords.ts';
import {
  blankToken,
  codeInToken,
  copyToken,
  isOneOf,
  kind,
  kindSet,
  type SqlToken,
  setToken,
  tokenText,
} from './sqli-token.ts';
import { readToken, type SqlScan } from './sqli-tokens.ts';

/** The longest fingerprint. */
export const MAX_FINGERPRINT = 5;

const BACKTICK = 0x60;

interface Fold {
  readonly scan: SqlScan;
  readonly tokens: SqlToken[];
  /** Tokens held. */
  held: number;
  /** Tokens before this one are settled. */
  left: number;
  hasMore: boolean;
  /** The comment that was read last, if nothing came after it. */
  comment: SqlToken | null;
  isEvil: boolean;
}

/** Reads `scan` to as many tokens as a fingerprint holds, folding on the way. */
export function foldTokens(scan: SqlScan): SqlToken[] {
  const fold: Fold = {
    scan,
    tokens: [],
    held: 0,
    left: 0,
    hasMore: true,
    comment: null,
    isEvil: false,
  };
  skipPrologue(fold);
  if (fold.hasMore) foldWindow(fold);
  fold.tokens.length = fold.held;
  markUnclosedBacktick(fold.tokens);
  return fold.tokens;
}

const PROLOGUE = kindSet(kind.comment, kind.leftParenthesis, kind.sqlType);

function skipPrologue(fold: Fold): void {
  const token = slot(fold, 0);
  do {
    fold.hasMore = readToken(fold.scan, token);
  } while (fold.hasMore && (isOneOf(token, PROLOGUE) || isUnary(token)));
  fold.held = fold.hasMore ? 1 : 0;
}

function foldWindow(fold: Fold): void {
  for (;;) {
    if (fold.held >= MAX_FINGERPRINT) collapseFive(fold);
    if (!fold.hasMore || fold.left >= MAX_FINGERPRINT) break;
    fill(fold, 2);
    if (fold.held - fold.left < 2) {
      fold.left = fold.held;
      continue;
    }
    if (foldPair(fold)) {
      if (fold.isEvil) return;
      continue;
    }
    fill(fold, 3);
    if (fold.held - fold.left < 3) {
      fold.left = fold.held;
      continue;
    }
    if (!foldTriple(fold)) fold.left++;
  }
  if (fold.held < MAX_FINGERPRINT && fold.comment !== null) {
    fold.tokens[fold.held++] = fold.comment;
  }
  // The sixth token only helps to fold the fifth.
  if (fold.held > MAX_FINGERPRINT) fold.held = MAX_FINGERPRINT;
}

function slot(fold: Fold, at: number): SqlToken {
  const { tokens } = fold;
  if (at === tokens.length) tokens.push(blankToken());
  return tokens[at]!;
}

/** Reads until `wanted` tokens stand at `left`, or one more than a fingerprint holds. */
function fill(fold: Fold, wanted: number): void {
  while (fold.hasMore && fold.held <= MAX_FINGERPRINT && fold.held - fold.left < wanted) {
    const token = slot(fold, fold.held);
    fold.hasMore = readToken(fold.scan, token);
    if (!fold.hasMore) return;
    if (token.kind === kind.comment) {
      fold.tokens[fold.held] = fold.comment ?? blankToken();
      fold.comment = token;
    } else {
      fold.comment = null;
      fold.held++;
    }
  }
}

/** Five tokens that are only a longer way to write the first. */
function collapseFive(fold: Fold): void {
  const [first, second, third, fourth, fifth, sixth] = fold.tokens;
  if (!isFiveForOne(first!, second!, third!, fourth!, fifth!)) return;
  fold.left = 0;
  if (fold.held > MAX_FINGERPRINT) {
    fold.tokens[1] = sixth!;
    fold.tokens[MAX_FINGERPRINT] = second!;
    fold.held = 2;
  } else {
    fold.held = 1;
  }
}

const OPERATOR_OR_COMMA = kindSet(kind.operator, kind.comma);
const WORD_OR_NUMBER = kindSet(kind.bareword, kind.number);

function isFiveForOne(
  first: SqlToken,
  second: SqlToken,
  third: SqlToken,
  fourth: SqlToken,
  fifth: SqlToken,
): boolean {
  if (third.kind === kind.leftParenthesis && fifth.kind === kind.rightParenthesis) {
    if (first.kind === kind.number) {
      return isOneOf(second, OPERATOR_OR_COMMA) && fourth.kind === kind.number;
    }
    return (
      first.kind === kind.bareword &&
      second.kind === kind.operator &&
      isOneOf(fourth, WORD_OR_NUMBER)
    );
  }
  if (second.kind !== kind.rightParenthesis || fourth.kind !== kind.leftParenthesis) return false;
  if (first.kind === kind.number) return third.kind === kind.comma && fifth.kind === kind.number;
  return (
    first.kind === kind.bareword && third.kind === kind.operator && fifth.kind === kind.bareword
  );
}

/** Lets go of the newest `count` tokens and starts over. */
function dropAndRestart(fold: Fold, count: number): boolean {
  fold.held -= count;
  fold.left = 0;
  return true;
}

/** Lets go of the newest token and steps back by one. */
function dropAndStepBack(fold: Fold): boolean {
  fold.held--;
  if (fold.left > 0) fold.left--;
  return true;
}

/**
 * Makes the token at `at` a copy of the one after it, lets go of the newest `count`, and starts over.
 *
 * When more tokens are held than the rule looked at, the one after `at` stays, twice, and the newest
 * is lost. libinjection does so, and its table of fingerprints was made with it.
 */
function replaceAndRestart(fold: Fold, at: number, count: number): boolean {
  copyToken(fold.tokens[at]!, fold.tokens[at + 1]!);
  return dropAndRestart(fold, count);
}

const EITHER_OPERATOR = kindSet(kind.operator, kind.logic);
const NAME = kindSet(kind.bareword, kind.variable);
const AFTER_TYPE = kindSet(
  kind.bareword,
  kind.number,
  kind.sqlType,
  kind.leftParenthesis,
  kind.function,
  kind.variable,
  kind.string,
);

/** The rules for two tokens; false when none fired and a third token is wanted. */
function foldPair(fold: Fold): boolean {
  const first = fold.tokens[fold.left]!;
  const second = fold.tokens[fold.left + 1]!;
  if (first.kind === second.kind && isOneOf(first, STUTTERED)) {
    fold.held--;
    return true;
  }
  if (isOneOf(first, EITHER_OPERATOR) && (isUnary(second) || second.kind === kind.sqlType)) {
    return dropAndRestart(fold, 1);
  }
  if (first.kind === kind.leftParenthesis && isUnary(second)) return dropAndStepBack(fold);
  if (mergeWords(first, second)) return dropAndStepBack(fold);
  if (first.kind === kind.semicolon && second.kind === kind.function && startsWithIf(second)) {
    // After a semicolon IF is a statement of T-SQL, not a function.
    second.kind = kind.tsql;
    return true;
  }
  if (isOneOf(first, NAME) && second.kind === kind.leftParenthesis && isCallableName(first)) {
    first.kind = kind.function;
    return true;
  }
  if (first.kind === kind.keyword && (isWord(first, 'IN') || isWord(first, 'NOT IN'))) {
    first.kind = second.kind === kind.leftParenthesis ? kind.operator : kind.bareword;
    return true;
  }
  if (first.kind === kind.operator && (isWord(first, 'LIKE') || isWord(first, 'NOT LIKE'))) {
    if (second.kind === kind.leftParenthesis) first.kind = kind.function;
    return false;
  }
  if (first.kind === kind.sqlType && isOneOf(second, AFTER_TYPE)) {
    return replaceAndRestart(fold, fold.left, 1);
  }
  if (first.kind === kind.collate && second.kind === kind.bareword) {
    // There are too many collations to know; they have an underscore in their names.
    if (hasUnderscore(second)) {
      second.kind = kind.sqlType;
      fold.left = 0;
    }
    return false;
  }
  if (first.kind === kind.backslash) return foldBackslash(fold, first, second);
  if (first.kind === second.kind && isOneOf(first, PARENTHESES)) return dropAndRestart(fold, 1);
  if (first.kind === kind.leftBrace && second.kind === kind.bareword) {
    return foldBrace(fold, second);
  }
  if (second.kind === kind.rightBrace) return dropAndRestart(fold, 1);
  return false;
}

const STUTTERED = kindSet(kind.string, kind.semicolon);
const PARENTHESES = kindSet(kind.leftParenthesis, kind.rightParenthesis);

function foldBackslash(fold: Fold, first: SqlToken, second: SqlToken): boolean {
  // T-SQL reads `\%1` as `0 % 1`, and `\1` as `1`.
  if (!isArithmetic(second)) return replaceAndRestart(fold, fold.left, 1);
  first.kind = kind.number;
  fold.left = 0;
  return true;
}

function foldBrace(fold: Fold, name: SqlToken): boolean {
  // MySQL accepts {``.``.id}, which is more than the window can see; nothing honest looks like it.
  if (name.length === 0) {
    name.kind = kind.evil;
    fold.held = fold.left + 2;
    fold.isEvil = true;
    return true;
  }
  // {foo expression} of ODBC and MySQL is the expression.
  return dropAndRestart(fold, 2);
}

const VALUE = kindSet(kind.bareword, kind.number, kind.variable, kind.string);
const VARIABLE_OPERAND = kindSet(kind.variable, kind.number, kind.bareword);
const BEFORE_PARENTHESIS = kindSet(kind.expression, kind.group, kind.comma);
const BEFORE_VALUE = kindSet(kind.keyword, kind.expression, kind.group);
const VALUE_OR_CALL = VALUE | kindSet(kind.function);

/** The rules for three tokens; false when the leftmost of them is settled. */
function foldTriple(fold: Fold): boolean {
  const first = fold.tokens[fold.left]!;
  const second = fold.tokens[fold.left + 1]!;
  const third = fold.tokens[fold.left + 2]!;
  if (isRedundant(first, second, third)) return dropAndRestart(fold, 2);
  if (isUnary(second)) {
    const isSign =
      (isOneOf(first, BEFORE_PARENTHESIS) && third.kind === kind.leftParenthesis) ||
      (isOneOf(first, BEFORE_VALUE) && isOneOf(third, VALUE_OR_CALL));
    if (isSign) return replaceAndRestart(fold, fold.left + 1, 1);
    if (first.kind === kind.comma) {
      // `1,-1` goes back to `1`, but `1,-sin(1)` must not become `1 (1)`.
      if (isOneOf(third, VALUE)) return replaceAndRestart(fold, fold.left + 1, 3);
      if (third.kind === kind.function) return replaceAndRestart(fold, fold.left + 1, 1);
    }
  }
  if (second.kind === kind.dot && third.kind === kind.bareword) {
    if (first.kind === kind.bareword) return dropAndRestart(fold, 2);
    if (first.kind === kind.expression) return replaceAndRestart(fold, fold.left + 1, 1);
  }
  // USER() is a function only without arguments.
  if (
    first.kind === kind.function &&
    second.kind === kind.leftParenthesis &&
    third.kind !== kind.rightParenthesis &&
    isWord(first, 'USER')
  ) {
    first.kind = kind.bareword;
  }
  return false;
}

/** True when the first of three tokens says as much as all of them. */
function isRedundant(first: SqlToken, second: SqlToken, third: SqlToken): boolean {
  if (first.kind === kind.operator) {
    return second.kind !== kind.leftParenthesis && third.kind === kind.operator;
  }
  if (first.kind === kind.logic) return third.kind === kind.logic;
  if (!isOneOf(first, VALUE)) return false;
  if (second.kind === kind.comma) return isOneOf(third, VALUE);
  if (second.kind !== kind.operator) return false;
  if (first.kind === kind.variable && isOneOf(third, VARIABLE_OPERAND)) return true;
  if (isOneOf(first, WORD_OR_NUMBER) && isOneOf(third, WORD_OR_NUMBER)) return true;
  return third.kind === kind.sqlType && isWord(second, '::');
}

const BANG = 0x21;
const TILDE = 0x7e;
const PERCENT = 0x25;
const ASTERISK = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const SLASH = 0x2f;

/** True for the operators that may stand before a value: + - ! ~ !! NOT. */
function isUnary(token: SqlToken): boolean {
  if (token.kind !== kind.operator) return false;
  const code = codeInToken(token, 0);
  switch (token.length) {
    case 1:
      return code === PLUS || code === MINUS || code === BANG || code === TILDE;
    case 2:
      return code === BANG && codeInToken(token, 1) === BANG;
    case 3:
      return isWord(token, 'NOT');
    default:
      return false;
  }
}

function isArithmetic(token: SqlToken): boolean {
  if (token.kind !== kind.operator || token.length !== 1) return false;
  const code = codeInToken(token, 0);
  return code === ASTERISK || code === SLASH || code === MINUS || code === PLUS || code === PERCENT;
}

const PHRASE_START = kindSet(
  kind.keyword,
  kind.bareword,
  kind.operator,
  kind.union,
  kind.function,
  kind.expression,
  kind.tsql,
  kind.sqlType,
);
const PHRASE_END = PHRASE_START | kindSet(kind.logic);

/** Makes `first` the phrase of both words when there is one ("GROUP" "BY"). */
function mergeWords(first: SqlToken, second: SqlToken): boolean {
  if (!isOneOf(first, PHRASE_START) || !isOneOf(second, PHRASE_END)) return false;
  const found = phraseKind(first, second);
  if (found === kind.none) return false;
  const phrase = tokenText(first) + ' ' + tokenText(second);
  setToken(first, found, phrase, 0, phrase.length);
  return true;
}

function startsWithIf(token: SqlToken): boolean {
  return (codeInToken(token, 0) | 0x20) === 0x69 && (codeInToken(token, 1) | 0x20) === 0x66;
}

const CALLABLE_NAMES = [
  'USER_ID',
  'USER_NAME',
  'DATABASE',
  'PASSWORD',
  'USER',
  'CURRENT_USER',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
];

/** True for the columns and variables that are functions when `(` follows. */
function isCallableName(token: SqlToken): boolean {
  return CALLABLE_NAMES.some((name) => isWord(token, name));
}

function hasUnderscore(token: SqlToken): boolean {
  const text = tokenText(token);
  const nul = text.indexOf('\0');
  return (nul < 0 ? text : text.slice(0, nul)).includes('_');
}

/** PHP applications leave an unclosed backtick at the end, which MySQL takes for a comment. */
function markUnclosedBacktick(tokens: readonly SqlToken[]): void {
  const last = tokens[tokens.length - 1];
  if (
    last !== undefined &&
    tokens.length > 2 &&
    last.kind === kind.bareword &&
    last.open === BACKTICK &&
    last.length === 0 &&
    last.close === 0
  ) {
    last.kind = kind.comment;
  }
}
