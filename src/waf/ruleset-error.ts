// What is thrown for rules that must not be run. Apart from loading, so that who only tells it from others loads no engine.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';

/** The rules have errors; `message` shows them as `portcullis check` does. */
export class RulesetError extends Error {
  override readonly name: string = 'RulesetError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(renderDiagnostics(diagnostics));
    this.diagnostics = diagnostics;
  }
}
