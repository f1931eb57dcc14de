// What engines read differently in the text of rules, before any of it has a meaning.

import { BEHAVIOURS, type Behaviour } from '../model/compatibility.ts';

export type Syntax = Pick<
  Behaviour,
  | 'dottedTargets'
  | 'openLists'
  | 'trailingComments'
  | 'unclosedValues'
  | 'blanksInValues'
  | 'emptyOperators'
  | 'quotesInValues'
  | 'emptyGlobs'
>;

export const OWN_SYNTAX: Syntax = BEHAVIOURS.portcullis;
