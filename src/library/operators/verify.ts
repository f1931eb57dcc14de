// What the operators @verify... share: a pattern proposes numbers, a check sum decides.
//
// The search goes on one byte behind the beginning of a number that failed, so `\d{13,16}` finds a valid
// window inside a longer run of digits, as in ModSecurity.

import { digitsOf } from '../../base/checksum.ts';
import { type Matcher, MatchLimitError, type OperatorDefinition } from '../../model/operator.ts';

export interface NumberCheck {
  readonly name: string;
  readonly summary: string;
  /** What logs call the number: `CC`. */
  readonly label: string;
  readonly isValid: (digits: readonly number[]) => boolean;
}

/**
 * Digits checked per byte of the value, and a constant.
 *
 * `\d+` on a long run of digits proposes all its tails. That is quadratic, so there is an end to it.
 */
const CHECKED_PER_BYTE = 32;
const CHECKED_AT_LEAST = 65_536;

export function verifyNumbers(check: NumberCheck): OperatorDefinition {
  const { name, summary, label, isValid } = check;
  return Object.freeze({
    name,
    summary,
    argument: 'required',
    macros: false,
    compile: (argument, context) => {
      const matcher = context.compilePattern(argument, { multiline: true });
      return {
        pattern: matcher,
        evaluate: (value, run) => {
          const number = findNumber(matcher, value, name, (text) => isValid(digitsOf(text)));
          if (number === undefined) return false;
          if (run.capturing) run.captures.push(number.text);
          run.detail = `${label}# match "${argument}"`;
          return true;
        },
        locate: (value) => {
          const number = findNumber(matcher, value, name, (text) => isValid(digitsOf(text)));
          return number === undefined ? [] : [[number.index, number.text.length]];
        },
      };
    },
  } satisfies OperatorDefinition);
}

export interface FoundNumber {
  readonly index: number;
  readonly text: string;
}

/** The first match that is valid. Throws `MatchLimitError` when there is too much to check. */
export function findNumber(
  matcher: Matcher,
  value: string,
  operator: string,
  isValid: (text: string) => boolean,
): FoundNumber | undefined {
  let budget = CHECKED_AT_LEAST + value.length * CHECKED_PER_BYTE;
  let from = 0;
  while (from < value.length) {
    const match = matcher.exec(value, from);
    if (match === null) return undefined;
    budget -= match.end - match.index;
    if (budget < 0) throw new MatchLimitError(`@${operator} found too many numbers to check`);
    const text = value.slice(match.index, match.end);
    if (text !== '' && isValid(text)) return { index: match.index, text };
    from = match.index + 1;
  }
  return undefined;
}
