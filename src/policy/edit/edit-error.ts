// A change that cannot be made, with a code that scripts and the API hold on to.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

export type EditCode =
  | 'unknown-rule'
  | 'ambiguous-rule'
  | 'unknown-section'
  | 'name-taken'
  | 'bad-path'
  | 'bad-value'
  | 'unreadable-document'
  | 'invalid-document'
  | 'unknown-revision'
  | 'write-failed'
  | 'conflict';

export interface EditErrorParts {
  readonly help?: string | undefined;
  /** Why the document would be invalid. */
  readonly diagnostics?: readonly Diagnostic[] | undefined;
}

export class EditError extends Error {
  override readonly name: string = 'EditError';
  readonly code: EditCode;
  readonly help: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: EditCode, message: string, { help, diagnostics = [] }: EditErrorParts = {}) {
    super(message);
    this.code = code;
    this.help = help;
    this.diagnostics = diagnostics;
  }
}
