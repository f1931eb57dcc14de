// Puts diagnostics in the order of the text and folds those that say the same thing twice.

import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';
import type { Span } from './span.ts';

/**
 * In source order: by the load order of the sources, then by offset; what has no place comes first.
 * Sources that are not listed follow in the order of their first diagnostic.
 */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[] = [],
): readonly Diagnostic[] {
  const rank = new Map<Source | undefined, number>([[undefined, -1]]);
  for (const source of sources) if (!rank.has(source)) rank.set(source, rank.size);
  for (const { span } of diagnostics)
    if (!rank.has(span?.source)) rank.set(span?.source, rank.size);
  return diagnostics.toSorted(
    (a, b) =>
      rank.get(a.span?.source)! - rank.get(b.span?.source)! ||
      (a.span?.start ?? 0) - (b.span?.start ?? 0),
  );
}

/**
 * Each finding once. A file that is included twice has each of its mistakes twice; they are the same
 * when the file's name, the place, the code and the message are.
 */
export function foldDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ severity, code, message, span }) => {
    const key = JSON.stringify([
      severity,
      code,
      message,
      span?.source.name,
      span?.start,
      span?.end,
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
}

/** The Include directives that led to the source, the nearest first. */
export function includeChain(source: Source): readonly Span[] {
  const chain: Span[] = [];
  for (let at = source.includedFrom; at !== undefined; at = at.source.includedFrom) chain.push(at);
  return chain;
}
