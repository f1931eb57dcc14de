// Takes back fingerprints of attacks that honest text has too.
//
// Short fingerprints need a second look at the tokens and the input: "1 -- " ends a query, "1--2" is
// a sum. Positions are counted as libinjection counts them, from the start of the input and not of
// the token, because its verdicts are the measure.

import { startsWithWord } from './sqli-keywords.ts';
import { codeInToken, kind, type SqlToken } from './sqli-token.ts';

const HASH = 0x23;
const ASTERISK = 0x2a;
const MINUS = 0x2d;
const SLASH = 0x2f;
const SPACE = 0x20;

/**
 * True when the folded `tokens`, whose fingerprint is that of an attack, are honest all the same.
 *
 * `tokenCount` is the number of tokens before folding.
 */
export function isHonest(
  input: string,
  tokens: readonly SqlToken[],
  fingerprint: string,
  tokenCount: number,
): boolean {
  // sp_password hides a statement from the logs of SQL Server; its only place is in a comment.
  const isHidden =
    tokens.length > 1 &&
    tokens[tokens.length - 1]!.kind === kind.comment &&
    input.includes('sp_password');
  if (isHidden) return false;
  if (tokens.length === 2) return isHonestPair(input, tokens[0]!, tokens[1]!, tokenCount);
  if (tokens.length === 3) return isHonestTriple(tokens, fingerprint, tokenCount);
  return false;
}

function isHonestPair(
  input: string,
  first: SqlToken,
  second: SqlToken,
  tokenCount: number,
): boolean {
  if (second.kind === kind.union) return tokenCount === 2;
  const mark = codeInToken(second, 0);
  if (mark === HASH) return true;
  if (second.kind === kind.comment) {
    if (first.kind === kind.bareword && mark !== SLASH) return true;
    if (first.kind === kind.number) {
      return mark !== SLASH && tokenCount <= 2 && !endsNumber(input, first.length);
    }
  }
  // "--" alone ends a query; "-- text" after a string or a variable is more likely prose.
  return mark === MINUS && second.length > 2;
}

/** True when a space, a control byte or a comment stands at `at`, so that a number ends there. */
function endsNumber(input: string, at: number): boolean {
  if (at >= input.length) return true;
  const code = input.charCodeAt(at);
  // libinjection compares a signed char, so bytes from 0x80 up count as controls.
  if (code <= SPACE || code >= 0x80) return true;
  const next = input.charCodeAt(at + 1);
  return (code === SLASH && next === ASTERISK) || (code === MINUS && next === MINUS);
}

function isHonestTriple(
  tokens: readonly SqlToken[],
  fingerprint: string,
  tokenCount: number,
): boolean {
  const [first, second, third] = tokens;
  switch (fingerprint) {
    case 'sos':
    case 's&s':
      // foo' + 'bar closes the quote that it stands in and opens it again.
      return first!.open !== 0 || third!.close !== 0 || first!.close !== third!.open;
    case 's&n':
    case 'n&1':
    case '1&1':
    case '1&v':
    case '1&s':
      return tokenCount === 3;
    default:
      if (second!.kind !== kind.keyword) return false;
      // Of the keywords only INTO OUTFILE and INTO DUMPFILE stand so.
      return second!.length < 5 || !startsWithWord(second!, 'INTO');
  }
}
