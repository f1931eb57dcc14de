// Diagnostics as JSON, for editors and scripts. The shape is a promise.

import { decoded } from './code-points.ts';
import type { Diagnostic, DiagnosticSeverity } from './diagnostic.ts';
import { countErrors, foldDiagnostics, includeChain } from './gather.ts';
import { createLocator, formatPlace, type Locator } from './position.ts';

/** Null where a finding has no place. Lines and columns count from 1, columns in code points. */
export interface JsonDiagnostic {
  readonly severity: DiagnosticSeverity;
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly help: string | null;
  readonly notes: readonly string[];
}

export interface JsonReport {
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly errors: number;
  readonly warnings: number;
}

/** The report as data: duplicates folded, none left out. */
export function jsonReport(diagnostics: readonly Diagnostic[]): JsonReport {
  const locator = createLocator();
  const folded = foldDiagnostics(diagnostics);
  const errors = countErrors(folded);
  return {
    diagnostics: folded.map((diagnostic) => jsonDiagnostic(diagnostic, locator)),
    errors,
    warnings: folded.length - errors,
  };
}

/** The report as text, indented, with a line end. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(jsonReport(diagnostics), undefined, 2)}\n`;
}

function jsonDiagnostic(diagnostic: Diagnostic, locator: Locator): JsonDiagnostic {
  const { severity, code, message, span, help, notes = [] } = diagnostic;
  const start = span && locator.position(span.source, span.start);
  const end = span && locator.position(span.source, span.end);
  const chain = span === undefined ? [] : includeChain(span.source);
  const way = chain.map(
    (at) => `included from ${formatPlace(at.source, locator.position(at.source, at.start))}`,
  );
  return {
    severity,
    code,
    message: decoded(message),
    file: span === undefined ? null : decoded(span.source.name),
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    help: help === undefined ? null : decoded(help),
    notes: [...notes, ...way].map(decoded),
  };
}
