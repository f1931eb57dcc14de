// Collects the findings of a load, so that no stage stops at the first.

import type { Diagnostic, DiagnosticSeverity } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly span: Span | undefined;
  readonly help?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

export interface Report {
  error(finding: Finding): void;
  warning(finding: Finding): void;
}

export interface CollectedReport extends Report {
  readonly diagnostics: readonly Diagnostic[];
}

export function createReport(): CollectedReport {
  const diagnostics: Diagnostic[] = [];
  const add = (severity: DiagnosticSeverity, { help, notes, ...finding }: Finding): void => {
    diagnostics.push({
      severity,
      ...finding,
      ...(help !== undefined && { help }),
      ...(notes !== undefined && { notes }),
    });
  };
  return {
    diagnostics,
    error: (finding) => add('error', finding),
    warning: (finding) => add('warning', finding),
  };
}
