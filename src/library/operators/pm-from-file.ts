// @pmFromFile. Any of the phrases in one or more files, one a line, ASCII letters in any case.
//
// Lines are plain text: blanks inside count, Snort's notation means nothing here. (ModSecurity v2 reads
// `|41|` in files, too.)

import type { OperatorDefinition } from '../../model/operator.ts';
import { readDataLines } from './data-files.ts';
import { matchPhrases } from './phrases.ts';

export const pmFromFile: OperatorDefinition = Object.freeze({
  name: 'pmFromFile',
  aliases: Object.freeze(['pmf']),
  summary: 'matches any of the phrases in files, in any case',
  argument: 'required',
  macros: false,
  compile: (argument, context) =>
    matchPhrases(
      readDataLines(argument, context, context.behaviour?.phraseLines === 'as-written').map(
        (line) => line.text,
      ),
      context,
      context.behaviour?.phraseFound,
    ),
} satisfies OperatorDefinition);
