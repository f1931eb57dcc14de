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
  };
}
