// @pmFromFile. Any of the phrases in one or more files, one a line, ASCII letters in any case.
//
// Lines are plain text: blanks inside count, Snort's notation means nothing here. (ModSecurity v2 reads
// `|41|` in files, too.) They are read at load, and cut into lines when somebody wants to see those: what follows
// from them may be known from an earlier load.

import type { OperatorDefinition } from '../../model/operator.ts';
import { type DataFile, dataLines, readDataFiles } from './data-files.ts';
import { matchPhrases, type PhraseList } from './phrases.ts';

export const pmFromFile: OperatorDefinition = Object.freeze({
  name: 'pmFromFile',
  aliases: Object.freeze(['pmf']),
  summary: 'matches any of the phrases in files, in any case',
  argument: 'required',
  macros: false,
  compile: (argument, context) => {
    const asWritten = context.behaviour?.phraseLines === 'as-written';
    const phrases = phrasesOf(readDataFiles(argument, context), asWritten);
    return matchPhrases(phrases, context, context.behaviour?.phraseFound);
  },
} satisfies OperatorDefinition);

function phrasesOf(files: readonly DataFile[], asWritten: boolean): PhraseList {
  return {
    key: () => {
      const texts = files.map(({ text }) => `${text.length} ${text}`);
      return `${asWritten ? 'written' : 'trimmed'} ${texts.join('')}`;
    },
    read: () => dataLines(files, asWritten).map(({ text }) => text),
  };
}
