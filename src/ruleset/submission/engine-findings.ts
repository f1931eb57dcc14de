// What the engine says of a rule, as it matters to a submission: what is a warning to somebody who loads
// rules of others is a mistake in a rule that is still being written.

import { CODES } from '../../diagnostics/codes.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { RuleDirective } from '../../seclang/ast.ts';

/** Belongs to whole rule sets, or is said of skipAfter with its place by the checks of a signature. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'engine-not-set',
  'marker-before-rule',
  'unknown-marker',
]);

/** Follows from a rule that could not be read, and need not be true of it. */
const GUESSED: ReadonlySet<string> = new Set(['missing-actions', 'missing-id', 'unfinished-chain']);

/** Of an operator: it never matches. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['no-effect', 'program-not-allowed']);

/** The rule loads, and does not do what it says. */
const MISTAKES: ReadonlySet<string> = new Set(['bad-macro', 'unknown-macro']);

export interface FindingsContext {
  /** Some part of the text could not be read. */
  readonly hasSyntaxErrors: boolean;
  readonly readsFiles: boolean;
  readonly signatures: readonly (readonly RuleDirective[])[];
  /** Directives that are refused as a whole, whatever is in them. */
  readonly refused: readonly Span[];
}

export function engineFindings(
  diagnostics: readonly Diagnostic[],
  { hasSyntaxErrors, readsFiles, signatures, refused }: FindingsContext,
): readonly Diagnostic[] {
  const operators = new Set(signatures.flat().map(({ operator }) => operator.span));
  // Of a second rule it has been said that it must not be there.
  const surplus = signatures.slice(1).map(([starter]) => starter?.span);
  return diagnostics
    .filter(({ code }) => !ELSEWHERE.has(code) && !(hasSyntaxErrors && GUESSED.has(code)))
    .filter(({ span }) => !refused.some((directive) => isWithin(span, directive)))
    .filter(
      ({ code, span }) =>
        !(
          (code === 'missing-id' || code === 'missing-actions') &&
          surplus.some((rule) => rule !== undefined && isWithin(span, rule))
        ),
    )
    .map((diagnostic) => {
      const { code, span } = diagnostic;
      if (MISTAKES.has(code)) return { ...diagnostic, severity: 'error' };
      // An operator without effect never matches, and so neither does its rule.
      if (WITHOUT_EFFECT.has(code) && span !== undefined && operators.has(span)) {
        return { ...diagnostic, severity: 'error' };
      }
      if (code === 'missing-data-file' && !readsFiles) {
        return {
          ...diagnostic,
          help: 'files are not looked at here: write the entries into the rule with @pm or @ipMatch',
        };
      }
      return diagnostic;
    });
}

/** Every finding says what to do: where none was found for the case at hand, what its code says. */
export function withHelp(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) =>
    diagnostic.help === undefined ? { ...diagnostic, help: CODES[diagnostic.code] } : diagnostic,
  );
}

/** A file that is missing need not be called for as well. */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const missing = diagnostics.filter(({ code }) => code === 'missing-data-file');
  return diagnostics.filter(
    ({ code, span }) =>
      code !== 'needs-file' ||
      !missing.some((other) => span !== undefined && isWithin(other.span, span)),
  );
}

function isWithin(inner: Span | undefined, outer: Span): boolean {
  return (
    inner !== undefined &&
    inner.source === outer.source &&
    inner.start >= outer.start &&
    inner.end <= outer.end
  );
}
