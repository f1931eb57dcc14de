// How the checks of a document speak: a rule, a place inside it, and what is wrong there.

import type { Diagnostic, DiagnosticSeverity } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { PolicySections } from '../document/document.ts';
import type { Path } from '../document/positions.ts';
import type { ReadPolicy } from '../document/read.ts';

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly help?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

export interface Reporter {
  readonly document: PolicySections;
  readonly error: (part: object, path: Path, finding: Finding) => void;
  readonly warn: (part: object, path: Path, finding: Finding) => void;
  readonly spanOf: (part: object, path?: Path) => Span | undefined;
}

export function createReporter(read: ReadPolicy, into: Diagnostic[]): Reporter {
  const report =
    (severity: DiagnosticSeverity) =>
    (part: object, path: Path, finding: Finding): void => {
      into.push({ severity, span: read.spanOf(part, path), ...finding });
    };
  return {
    document: read.document,
    error: report('error'),
    warn: report('warning'),
    spanOf: read.spanOf,
  };
}
