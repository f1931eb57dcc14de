// One recogniser for each part of a directive. Each load makes its own set.

import { ACTIONS, OPERATOR, SECLANG, TARGETS } from './grammar.gen.ts';
import { createRecogniser, type Recogniser, twoGrammars } from './recognise.ts';
import type { Syntax } from './syntax.ts';
import { createLexers } from './tokens.ts';

export interface Recognisers {
  readonly directive: Recogniser;
  readonly targets: Recogniser;
  readonly operator: Recogniser;
  readonly actions: Recogniser;
  /**
   * The same text for equal ones. A part of a text keeps the whole of it in memory, and rules repeat the values of their
   * actions.
   */
  readonly shared: (text: string) => string;
}

const DIRECTIVE_GRAMMARS = twoGrammars(SECLANG);
const TARGET_GRAMMARS = twoGrammars(TARGETS);
const OPERATOR_GRAMMARS = twoGrammars(OPERATOR);
const ACTION_GRAMMARS = twoGrammars(ACTIONS);

export function createRecognisers(syntax: Syntax): Recognisers {
  const lexers = createLexers(syntax);
  return {
    directive: createRecogniser(DIRECTIVE_GRAMMARS, lexers.directive),
    targets: createRecogniser(TARGET_GRAMMARS, lexers.targets),
    operator: createRecogniser(OPERATOR_GRAMMARS, lexers.operator),
    actions: createRecogniser(ACTION_GRAMMARS, lexers.actions),
    shared: createShared(),
  };
}

function createShared(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    known.set(text, text);
    return text;
  };
}
