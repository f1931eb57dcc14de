// TX:0 to TX:9 hold what the operator found, in rules that ask for it with `capture`.

import type { Span } from '../../diagnostics/span.ts';
import { writtenMacros } from '../../library/macro.ts';
import type { RuleDirective } from '../../seclang/ast.ts';
import { spanInWord } from '../../seclang/word.ts';
import { placeIn } from '../macros.ts';
import { actionsOf, type SignatureCheck } from './signature.ts';

interface Use {
  readonly name: string;
  readonly span: Span;
}

const isCapture = (name: string, key: string | undefined): boolean =>
  name.toLowerCase() === 'tx' && /^\d$/.test(key ?? '');

function usedByTargets({ targets }: RuleDirective): readonly Use[] {
  return targets
    .filter(({ name, selector }) => isCapture(name, selector?.value))
    .map(({ selector, span }) => ({ name: `TX:${selector?.value}`, span }));
}

function usedByOperator({ operator }: RuleDirective): readonly Use[] {
  const { argument, argumentStart, word } = operator;
  return writtenMacros(argument)
    .filter(({ name, key }) => isCapture(name, key))
    .map(({ key, offset, length }) => {
      const start = argumentStart + offset;
      return { name: `%{TX.${key}}`, span: spanInWord(word, start, start + length) };
    });
}

function usedByActions({ actions = [] }: RuleDirective): readonly Use[] {
  return actions.flatMap(({ value = '', valueSpan, span }) =>
    writtenMacros(value)
      .filter(({ name, key }) => isCapture(name, key))
      .map(({ key, offset, length }) => ({
        name: `%{TX.${key}}`,
        span: placeIn(valueSpan ?? span, value.slice(offset, offset + length)),
      })),
  );
}

export const checkCaptures: SignatureCheck = ({ links }, { report }) => {
  for (const link of links) {
    const captures = actionsOf(link, 'capture').length > 0;
    // The captures of a rule are there for its actions, and for the rules chained to it.
    for (const { name, span } of [
      ...usedByTargets(link),
      ...usedByOperator(link),
      ...(captures ? [] : usedByActions(link)),
    ]) {
      report.warning({
        code: 'no-capture',
        message: `${name} holds nothing that this rule has captured: "capture" is missing`,
        span,
        help: 'add capture to the rule whose operator finds it',
      });
    }
    if (captures) return;
  }
};
