// @pmFromDataset (Coraza). Any of the phrases of a SecDataset, one a line, ASCII letters in any case.

import type { OperatorDefinition } from '../../model/operator.ts';
import { namedDataset } from './datasets.ts';
import { listOf, matchPhrases } from './phrases.ts';

export const pmFromDataset: OperatorDefinition = Object.freeze({
  name: 'pmFromDataset',
  summary: 'matches any of the phrases in a SecDataset, in any case',
  argument: 'required',
  macros: false,
  compile: (argument, context) => matchPhrases(listOf(namedDataset(argument, context)), context),
} satisfies OperatorDefinition);
