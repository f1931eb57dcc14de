// @pm. Any of the phrases in the argument, separated by white space, ASCII letters in any case.
//
// Phrases may be written as Snort writes them: `|41 42|` is hexadecimal, `\:`, `\;`, `\"` and `\\`
// stand for the char behind the backslash. One mistake in it, and the argument is taken literally. Coraza
// knows blanks only, and two of them hold an empty phrase, which is in everything.

import { isAsciiSpace } from '../../base/ascii.ts';
import { hexByteAt } from '../../base/hex.ts';
import { OperatorArgumentError, type OperatorDefinition } from '../../model/operator.ts';
import { listOf, matchPhrases } from './phrases.ts';

const ESCAPABLE = ':;"\\';

export const pm: OperatorDefinition = Object.freeze({
  name: 'pm',
  summary: 'matches any of some phrases, in any case',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const { behaviour } = context;
    if (behaviour?.phraseNotation === 'blanks-only') {
      return matchPhrases(listOf(argument.split(' ')), context, behaviour.phraseFound);
    }
    const dense = behaviour?.phraseNotation === 'snort-without-blanks';
    const phrases = snortPhrases(argument, dense) ?? literalPhrases(argument);
    if (phrases.length === 0) throw new OperatorArgumentError('no phrase, expected at least one');
    return matchPhrases(listOf(phrases), context);
  },
} satisfies OperatorDefinition);

/** The phrases of an argument without notation of any kind. */
function literalPhrases(argument: string): string[] {
  return argument.split(/[\t-\r ]+/).filter((phrase) => phrase !== '');
}

/** The phrases of an argument in Snort's notation, or null when there is a mistake in it. */
function snortPhrases(argument: string, dense: boolean): string[] | null {
  const phrases: string[] = [];
  let phrase = '';
  let at = 0;
  while (at < argument.length) {
    const char = argument.charAt(at);
    if (isAsciiSpace(argument.charCodeAt(at))) {
      if (phrase !== '') phrases.push(phrase);
      phrase = '';
      at++;
    } else if (char === '|') {
      const close = argument.indexOf('|', at + 1);
      const between = argument.slice(at + 1, close);
      const bytes = close < 0 || (dense && /\s/.test(between)) ? null : hexBytes(between);
      if (bytes === null) return null;
      phrase += bytes;
      at = close + 1;
    } else if (char === '\\') {
      const escaped = argument.charAt(at + 1);
      if (escaped === '' || !ESCAPABLE.includes(escaped)) return null;
      phrase += escaped;
      at += 2;
    } else {
      phrase += char;
      at++;
    }
  }
  if (phrase !== '') phrases.push(phrase);
  return phrases;
}

/** `41 42` or `4142`; null when there is anything else, or nothing. */
function hexBytes(text: string): string | null {
  let bytes = '';
  let at = 0;
  while (at < text.length) {
    if (isAsciiSpace(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const byte = hexByteAt(text, at);
    if (byte < 0) return null;
    bytes += String.fromCharCode(byte);
    at += 2;
  }
  return bytes === '' ? null : bytes;
}
