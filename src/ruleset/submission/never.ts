// Conditions that no request can satisfy: a signature with one of them waits for ever.

import type { ByteClasses } from '../../base/class-need.ts';
import { mayHold } from '../../base/class-need.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Transformation } from '../../model/transformation.ts';
import type { RuleLink, RuleOperator } from '../ruleset.ts';
import type { SignatureCheck, SignatureContext } from './signature.ts';

/** Operators whose values hold their argument as it is written. */
const HOLDS_ARGUMENT: ReadonlySet<string> = new Set([
  'beginsWith',
  'contains',
  'containsWord',
  'endsWith',
  'streq',
  'strmatch',
]);

const CAPITAL = 1;
const OTHER = 2;

const BY_CASE: ByteClasses = Object.freeze({
  key: 'capitals',
  ofByte: (byte: number) => (byte >= 0x41 && byte <= 0x5a ? CAPITAL : OTHER),
  ofSet: (set: Uint32Array) => {
    let classes = 0;
    for (let byte = 0; byte < 256; byte++) {
      if (((set[byte >>> 5] as number) >>> (byte & 31)) & 1) classes |= BY_CASE.ofByte(byte);
    }
    return classes;
  },
});

/** Whether every value that comes out is without capitals. */
function leavesNoCapitals(transformations: readonly Transformation[]): boolean {
  for (const { name, adds } of [...transformations].reverse()) {
    if (name === 'lowercase') return true;
    const added = adds?.(undefined);
    if (added === undefined || /[A-Z]/.test(added)) return false;
  }
  return false;
}

function needsCapitals({ definition, argument, macro, compiled }: RuleOperator): boolean {
  if (macro !== undefined) return false;
  if (HOLDS_ARGUMENT.has(definition.name)) return /[A-Z]/.test(argument);
  const need = compiled.needs?.(BY_CASE);
  return need !== undefined && !mayHold(need, OTHER);
}

export const checkNever: SignatureCheck = ({ links, rule }, context) => {
  rule?.links.forEach((link, index) => {
    const written = links[index];
    if (written === undefined) return;
    const span = written.operator.span;
    if (written.targets.every(({ exclude }) => exclude)) {
      never(span, 'no target is left, so there is nothing to look at', 'name one', context);
    } else if (link.operator?.negated === false) {
      checkOperator(link, link.operator, span, context);
    }
  });
};

function checkOperator(
  link: RuleLink,
  operator: RuleOperator,
  span: Span,
  context: SignatureContext,
): void {
  if (operator.definition.name === 'noMatch') {
    never(span, '@noMatch matches nothing', 'write the condition that you mean', context);
  } else if (
    !link.multiMatch &&
    link.targets.every(({ count }) => !count) &&
    leavesNoCapitals(link.transformations) &&
    needsCapitals(operator)
  ) {
    const why = 'it asks for capital letters, and t:lowercase leaves none';
    never(span, why, 'write the argument in small letters, or leave t:lowercase out', context);
  }
}

function never(span: Span, why: string, help: string, { report }: SignatureContext): void {
  report.error({
    code: 'never-matches',
    message: `the condition is never met: ${why}`,
    span,
    help,
  });
}
