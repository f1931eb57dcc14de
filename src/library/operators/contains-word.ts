// @containsWord. The argument is a part of the value, with no letter, digit or `_` right beside it.
//
// libmodsecurity looks for letters only, so that `abc` is a word in `abc1` there.

import { isAsciiWord } from '../../base/ascii.ts';
import type { OperatorDefinition } from '../../model/operator.ts';

export const containsWord: OperatorDefinition = Object.freeze({
  name: 'containsWord',
  summary: 'the argument occurs in the value as a whole word',
  argument: 'optional',
  macros: true,
  compile: () => ({
    evaluate: (value, run) => {
      if (!hasWord(value, run.argument)) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
  }),
} satisfies OperatorDefinition);

function hasWord(value: string, word: string): boolean {
  if (word === '') return true;
  for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1)) {
    const end = at + word.length;
    const joined =
      (at > 0 && isAsciiWord(value.charCodeAt(at - 1))) ||
      (end < value.length && isAsciiWord(value.charCodeAt(end)));
    if (!joined) return true;
  }
  return false;
}
