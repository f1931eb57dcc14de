// What is known of every value that has a certain text in it: for @contains and its kin, so that their rules are
// not run on values that cannot match.

import { asciiLower } from '../../base/ascii.ts';
import { allOf } from '../../base/class-need.ts';
import type { CompiledOperator, OperatorContext } from '../../model/operator.ts';
import { probability, rarestWindow } from '../../regex/windows.ts';

type TextFacts = Pick<CompiledOperator, 'requires' | 'needs' | 'minBytes'>;

/** Nothing where macros make another text of it, or where it is empty: that is in everything. */
export function factsOfText(
  text: string,
  { hasMacros }: Pick<OperatorContext, 'hasMacros'>,
): TextFacts {
  if (hasMacros || text === '') return {};
  return {
    requires: () => {
      const literal = rarestWindow(asciiLower(text));
      return { literals: [literal], score: probability(literal) };
    },
    needs: ({ ofByte }) => allOf(Array.from(text, (char) => ofByte(char.charCodeAt(0) & 0xff))),
    minBytes: text.length,
  };
}
