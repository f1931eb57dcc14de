// What is wrong with a rule text, as data: rendered by render.ts, counted by the commands.

import type { Span } from './span.ts';

export type DiagnosticSeverity = 'error' | 'warning';

/** One finding. `code` is a stable kebab-case word; the message says found, then expected. */
export interface Diagnostic {
  readonly severity: DiagnosticSeverity;
  readonly code: string;
  readonly message: string;
  /** Undefined only when the finding belongs to no place in a text (a missing root file). */
  readonly span: Span | undefined;
  /** What to do about it, in one line: `did you mean "t:urlDecodeUni"?` */
  readonly help?: string | undefined;
  /** Context lines: `in rule 942100, which starts at custom.conf:115:1`. */
  readonly notes?: readonly string[] | undefined;
}
