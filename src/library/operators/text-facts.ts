// What is known of every value that has a certain text in it: for @contains and its kin, so that their rules are
// not run on values that cannot match.

import { asciiLower } from '../../base/ascii.ts';
import { allOf } from '../../base/class-need.ts';
import type { CompiledOperator, OperatorContext } from '../../model/operator.ts';
import { cover, probability } from '../../regex/windows.ts';

type TextFacts = Pick<CompiledOperator, 'requires' | 'needs' | 'minBytes'>;

/** Nothing where macros make another text of it, or where it is empty: that is in everything. */
export function factsOfText(
  text: string,
  { hasMacros }: Pick<OperatorContext, 'hasMacros'>,
): TextFacts {
  if (hasMacros || text === '') return {};
  return {
    requires: () => {
      const { windows: literals, wholes } = cover([asciiLower(text)]);
      const score = literals.reduce((sum, literal) => sum + probability(literal), 0);
      return { literals, wholes, score };
    },
    needs: ({ ofByte }) => allOf(Array.from(text, (char) => ofByte(char.charCodeAt(0) & 0xff))),
    minBytes: text.length,
  };
}
