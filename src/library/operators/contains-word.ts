// @containsWord. The argument is a part of the value, with no letter, digit or `_` right beside it.
//
// libmodsecurity looks for letters only, so that `abc` is a word in `abc1` there.

import { isAsciiAlphanumeric, isAsciiDigit, isAsciiWord } from '../../base/ascii.ts';
import { findOccurrence } from '../../base/occurrences.ts';
import type { OperatorDefinition } from '../../model/operator.ts';
import { factsOfText } from './text-facts.ts';

export const containsWord: OperatorDefinition = Object.freeze({
  name: 'containsWord',
  summary: 'the argument occurs in the value as a whole word',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => {
    const isJoined = context.behaviour?.wordNeighbours === 'letters' ? isLetter : isAsciiWord;
    return {
      ...factsOfText(argument, context),
      evaluate: (value, run) => {
        if (wordAt(value, run.argument, isJoined) < 0) return false;
        run.detail = `String match "${run.argument}"`;
        return true;
      },
      // libmodsecurity tells no place where the word is all there is.
      locate: (value, word) =>
        word === '' || value === word ? [] : [[wordAt(value, word, isJoined), word.length]],
    };
  },
} satisfies OperatorDefinition);

/** -1: nowhere. */
function wordAt(value: string, word: string, isJoined: (code: number) => boolean): number {
  if (word === '') return 0;
  return findOccurrence(value, word, (at) => {
    const end = at + word.length;
    return !(
      (at > 0 && isJoined(value.charCodeAt(at - 1))) ||
      (end < value.length && isJoined(value.charCodeAt(end)))
    );
  });
}

function isLetter(code: number): boolean {
  return isAsciiAlphanumeric(code) && !isAsciiDigit(code);
}
