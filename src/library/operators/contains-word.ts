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
      if (wordAt(value, run.argument) < 0) return false;
      run.detail = `String match "${run.argument}"`;
      return true;
    },
    // libmodsecurity tells no place where the word is all there is.
    locate: (value, argument) =>
      argument === '' || value === argument ? [] : [[wordAt(value, argument), argument.length]],
  }),
} satisfies OperatorDefinition);

/** -1: nowhere. */
function wordAt(value: string, word: string): number {
  if (word === '') return 0;
  for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1)) {
    const end = at + word.length;
    const joined =
      (at > 0 && isAsciiWord(value.charCodeAt(at - 1))) ||
      (end < value.length && isAsciiWord(value.charCodeAt(end)));
    if (!joined) return at;
  }
  return -1;
}
