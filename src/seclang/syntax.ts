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

const CHOICES: Readonly<Record<keyof Syntax, true>> = {
  dottedTargets: true,
  openLists: true,
  trailingComments: true,
  unclosedValues: true,
  blanksInValues: true,
  emptyOperators: true,
  quotesInValues: true,
  emptyGlobs: true,
};

/** The same for syntaxes that read every text alike. */
export function syntaxKey(syntax: Syntax): string {
  return (Object.keys(CHOICES) as (keyof Syntax)[]).map((choice) => syntax[choice]).join(' ');
}

export const OWN_SYNTAX: Syntax = BEHAVIOURS.portcullis;
